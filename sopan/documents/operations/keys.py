"""The keys that persons sign with."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.events import record
from sopan.people.models import User

from .. import certificates, files, revocation, sealed
from ..models import SignerProfile, SigningKey

NIK = re.compile(r"[0-9]{16}")


def change_profile(person: User, *, method: str, nik: str, now: datetime) -> SignerProfile | Refusal:
    """How a person signs ("" = as his institution does), and his NIK, kept encrypted; an empty one stays as it was.

    Side effects: the profile, an event that names the way and not the number. Refusals: nik, method.
    """
    if nik and not NIK.fullmatch(nik):
        return Refusal("nik", _("NIK terdiri atas 16 angka."), "nik")
    if method and method not in SignerProfile.Method.values:
        return Refusal("method", _("Pilih cara tanda tangan."), "method")
    fields = {"method": method, "changed_at": now, **({"nik_sealed": sealed.seal(nik)} if nik else {})}
    with transaction.atomic():
        profile, _made = SignerProfile.objects.update_or_create(person=person, defaults=fields)
        told = str(SignerProfile.Method(method).label) if method else "–"
        record(person.institution, "signing_changed", by=person, now=now, about=person, method=told)
    return profile


def add_signing_key(person: User, *, content: bytes, passphrase: str, now: datetime) -> SigningKey | Refusal:
    """Register the PKCS#12 file of a person; the passphrase proves that it opens and is then forgotten.

    Side effects: the file (private), a row, an event. Refusals: wrong-passphrase, unusable-key, certificate-expired,
    certificate-revoked, other-person (the certificate names somebody else), key-taken.
    """
    opened = certificates.open_pkcs12(content, passphrase=passphrase)
    if isinstance(opened, Refusal):
        return opened
    if (refusal := certificates.in_force(opened.certificate, now=now)) is not None:
        return refusal
    if (refusal := revocation.revoked(opened.certificate, above=opened.chain, now=now)) is not None:
        return refusal
    if opened.common_name.casefold() not in (person.name.casefold(), person.full_name.casefold()):
        return Refusal("other-person", _("Sertifikat ini atas nama %(name)s.") % {"name": opened.common_name})
    fields = {
        "person": person,
        "file": files.store(content, folder="keys", suffix=".p12"),
        "file_sha256": files.sha256(content),
        "subject": opened.subject[:300],
        "serial": opened.serial,
        "not_before": opened.certificate.not_valid_before_utc,
        "not_after": opened.certificate.not_valid_after_utc,
        "added_at": now,
        "chain": certificates.bundle(opened),
    }
    with transaction.atomic():
        key, made = SigningKey.objects.get_or_create(fingerprint=opened.fingerprint, defaults=fields)
        if made:
            record(person.institution, "certificate_added", by=person, now=now, about=person, serial=key.serial)
    return key if made or key.person_id == person.pk else Refusal("key-taken", _("Sertifikat ini sudah terdaftar."))
