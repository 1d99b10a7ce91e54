"""How a person signs: as his institution does, unless his own profile says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import Institution, User

from .. import certificates, files, revocation, sealed
from ..models import SignerProfile, SigningKey
from ..transport import Line
from . import timestamps
from .esign_v1 import EsignV1
from .esign_v2 import EsignV2
from .pkcs12 import Pkcs12Provider
from .provider import RemoteProvider, SigningProvider

Method = SignerProfile.Method
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
STANDING_PATIENCE = 8.0  # seconds: somebody waits for a page
STANDING_KEPT = 300  # seconds for which a good word of the service on a person is believed


@dataclass(frozen=True, slots=True)
class Tools:
    """With what a person signs now: the provider, and by what it knows him (read when it is needed)."""

    method: str
    provider: SigningProvider
    key: Callable[[], bytes]

    @property
    def remote(self) -> RemoteProvider | None:
        return self.provider if self.provider.remote else None  # type: ignore[return-value]


def method_of(person: User) -> str:
    """The key of the provider of this person; an unknown setting is as if there were none."""
    profile = SignerProfile.objects.filter(person=person).first()
    chosen = profile.method if profile else ""
    chosen = chosen or str(person.institution.setting("signing_provider", Method.PKCS12))
    return chosen if chosen in Method.values else Method.PKCS12.value


def tools_for(person: User, *, now: datetime, patience: float = 120.0) -> Tools | Refusal:
    """With what a person signs, or why he cannot. Asks no service: see ``standing``. ``patience``: seconds for one answer."""
    method = method_of(person)
    return _own_key(person, now=now) if method == Method.PKCS12 else _at_service(person, method, patience=patience)


def standing(person: User, *, now: datetime) -> Refusal | None:
    """Why a person cannot sign now, told before the passphrase is asked for: no certificate, not in force, revoked.

    Asks the service, and believes a good answer for some minutes. Not inside a transaction.
    """
    tools = tools_for(person, now=now, patience=STANDING_PATIENCE)
    if isinstance(tools, Refusal):
        return tools
    if tools.remote is None:
        return None
    known = f"signing-standing-{person.pk}-{tools.method}"
    if cache.get(known):
        return None
    refusal = tools.remote.standing(tools.key())
    if refusal is None:
        cache.set(known, True, STANDING_KEPT)
    return refusal


def current_key(person: User, *, now: datetime) -> SigningKey | None:
    """The key to sign with: the one in force, else the newest (whose dates then say what is wrong)."""
    keys = SigningKey.objects.filter(person=person).order_by("-not_before", "-pk")
    return keys.filter(not_before__lte=now, not_after__gte=now).first() or keys.first()


def unfit(key: SigningKey, *, now: datetime) -> Refusal | None:
    """Why a key must not sign now, by what is public of it: its dates, and the lists of revoked certificates."""
    refusal = certificates.between(key.not_before, key.not_after, now=now)
    if refusal is not None or not key.chain:
        return refusal
    own, *above = certificates.unbundled(key.chain)
    return revocation.revoked(own, above=above, now=now)


def _own_key(person: User, *, now: datetime) -> Tools | Refusal:
    key = current_key(person, now=now)
    if key is None:
        return Refusal("no-certificate", _("Sertifikat elektronik Anda belum terdaftar. Hubungi pengelola sistem."))
    if (refusal := unfit(key, now=now)) is not None:
        return refusal
    level = level_of(person.institution)
    stamper = None if level == "B-B" else timestamps.configured(at=now)
    provider = Pkcs12Provider(level, stamper, revocation.encoded() if level in LEVELS[2:] else ())
    return Tools(Method.PKCS12, provider, lambda: files.read(key.file, sha256=key.file_sha256))


def level_of(institution: Institution) -> str:
    """The level of signatures with one's own key; services sign at the level of their own."""
    level = str(institution.setting("signature_level", "B-B"))
    return level if level in LEVELS else "B-B"


def _at_service(person: User, method: str, *, patience: float) -> Tools | Refusal:
    if not settings.ESIGN_URL:
        return Refusal("service-missing", _("Layanan tanda tangan belum dipasang. Hubungi pengelola sistem."))
    profile = SignerProfile.objects.filter(person=person).first()
    nik = sealed.unseal(profile.nik_sealed) if profile else ""
    if not nik:
        return Refusal(
            "no-nik", _("NIK Anda belum terdaftar untuk layanan tanda tangan. Isi di halaman Sertifikat saya.")
        )
    line = Line(settings.ESIGN_URL, settings.ESIGN_USER, settings.ESIGN_PASSWORD, settings.ESIGN_CA, timeout=patience)
    client = EsignV1 if method == Method.BSRE_V1 else EsignV2
    told = {} if settings.ESIGN_FROM_TOP is None else {"from_top": settings.ESIGN_FROM_TOP}
    return Tools(method, client(line, **told), lambda: nik.encode())
