"""The work of the steps, what it words in the journal, and the laboratory's part of the case page."""

from . import assigning, judging, measuring, panel, receiving, reporting, signing, wordings

__all__ = ["assigning", "judging", "measuring", "panel", "receiving", "reporting", "signing", "wordings"]
