"""The people of the tests of the pages, with three procedures of the list that they may start.

Ana and Budi at the counter start ``laporan``; ``rekomendasi`` begins with somebody outside; ``layanan`` is for customers.
Citra, the head, drafts SOPs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from sopan.catalogue.loading import load_entries
from sopan.catalogue.models import CatalogueEntry
from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Position, Unit
from sopan.web.tests.cast import Cast, make_cast

REPORT = """
format: 1
identity: {number: SOP 2, name: LAPORAN BULANAN}
actors: {counter: {name: Petugas}, head: {name: Kepala}}
steps:
  - {no: 1, actor: counter, activity: Menyusun laporan, time: 30 Menit, requirements: [Data bulan ini], outputs: [Konsep laporan]}
  - {no: 2, actor: head, activity: Menandatangani laporan, time: 30 Menit, end: finished}
"""
OUTSIDE = """
format: 1
identity: {number: SOP 3, name: Rekomendasi}
actors: {pemohon: {name: PEMOHON, kind: outside}, counter: {name: Petugas}, head: {name: Kepala}}
steps:
  - {no: 1, actor: pemohon, activity: Mengajukan, time: 10 Menit, requirements: [Surat permohonan]}
  - {no: 2, actor: counter, activity: Memeriksa, time: 30 Menit}
  - {no: 3, actor: head, activity: Menyetujui, time: 30 Menit, end: finished}
"""
SERVICE = """
format: 1
identity: {number: SOP 4, name: Layanan contoh}
actors: {customer: {name: Pelanggan, kind: customer}, counter: {name: Petugas}, head: {name: Kepala}}
steps:
  - no: 1
    actor: customer
    activity: Mengajukan contoh
    time: 10 Menit
    requirements: [{text: Foto contoh, attach: true, required: true}]
    fields: [{id: jumlah, label: Jumlah contoh, kind: number}]
  - {no: 2, actor: counter, activity: Memeriksa, time: 30 Menit, public: Petugas memeriksa permohonan Anda., kind: decision,
     exits: {ya: {label: Lengkap, to: 3}, tidak: {label: Kurang, to: 1, reason: true}}}
  - {no: 3, actor: customer, activity: Menyatakan diterima, time: 10 Menit, end: finished}
"""
BOUND = {"counter": ["counter"], "head": ["head"]}


def listed(cast: Cast, slug: str, text: str, starts: list[dict[str, Any]], **entry: Any) -> CatalogueEntry:
    procedure = load(text, file=f"{slug}.yaml")
    assert isinstance(procedure, Procedure), procedure
    publish(procedure, institution=cast.body, now=timezone.now() - timedelta(days=30))
    bound = {actor: codes for actor, codes in BOUND.items() if actor in procedure.actor_by_id}
    bind(slug, bound, institution=cast.body)
    told = {"procedure": slug, "number": procedure.identity.number, "name": procedure.identity.name, "starts": starts}
    load_entries(cast.body, {"entries": [{**told, **entry}]})
    return CatalogueEntry.objects.get(institution=cast.body, slug=slug)


def make_starting_cast() -> Cast:
    cast = make_cast()
    Unit.objects.create(institution=cast.body, code="umum", name="Bagian Umum")
    listed(cast, "laporan", REPORT, [{"by": "person"}], unit="umum")
    listed(cast, "rekomendasi", OUTSIDE, [{"by": "person"}])
    listed(cast, "layanan", SERVICE, [{"by": "person"}, {"by": "customer"}])
    Position.objects.filter(code="head").update(drafts_procedures=True)
    return cast
