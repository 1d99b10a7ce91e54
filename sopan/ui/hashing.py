"""How files for the browser are named where Sopan serves them: by a hash of their content, so that they may be kept for good."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = r'(?P<matched>(?P<begin>import (?:\{[^}]*\} from )?)"(?P<url>\./[\w-]+\.js)";)'


class HashedFiles(CompressedManifestStaticFilesStorage):
    """What our own modules import is named by its hash as well, so they must not import each other in a circle.

    Django can do this for every script, but reads comments too: a package whose comment shows an import ends it.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("web/*.js", ((IMPORTS, '%(begin)s"%(url)s";'),)))
