"""From the name of an actor to a position: the one that fits, or none."""

from __future__ import annotations

import pytest

from sopan.core.load import load
from sopan.core.matching import propose, words_of
from sopan.core.model import ActorKind, Procedure
from sopan.core.procedure_files import procedure_files
from sopan.core.yamlfile import read_data
from sopan.settings import PROCEDURES_DIR

POSITIONS = {
    "kadis": "Kepala Dinas",
    "sekretaris": "Sekretaris",
    "kasubbag-umum": "Kepala Sub Bagian Umum dan Kepegawaian",
    "staf-umum": "Staf Sub Bagian Umum dan Kepegawaian",
    "kasubbag-keuangan": "Kepala Subbagian Keuangan dan Aset",
    "kasi-1": "Kepala Seksi Pengujian I",
    "kasi-2": "Kepala Seksi Pengujian II",
    "ppk": "Pejabat Pembuat Komitmen (PPK)",
    "mt": "Manajer Teknis",
    "cs": "Customer Service",
    "uptd": "Kepala UPTD BPSMB",
    "uptd-kemasan": "Kepala UPTD Balai Kemasan",
    "bpsmb-tu": "Kepala Sub Bagian Tata Usaha UPTD BPSMB",
    "kemasan-tu": "Kepala Sub Bagian Tata Usaha UPTD Balai Kemasan",
    "penyelia-massa": "Penyelia Massa",
    "penyelia-suhu": "Penyelia Suhu",
}


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        ("Kasubbag Umum & Kepeg", "kasubbag-umum"),
        ("Kasubbag Umum dan Kepegawaian", "kasubbag-umum"),
        ("KA. SUB BAG UMUM", "kasubbag-umum"),
        ("Staf Subbag Umum", "staf-umum"),
        ("Kasubag Keu", "kasubbag-keuangan"),
        ("Kadis", "kadis"),
        ("Kepala Dinas Perindag", "kadis"),
        ("Sekretaris Dinas", "sekretaris"),
        ("Kasi Pengujian II", "kasi-2"),
        ("Kasi Pengujian 1", "kasi-1"),
        ("PPK", "ppk"),
        ("MT", "mt"),
        ("CS", "cs"),
        ("Ka. UPTD BPSMB", "uptd"),
    ],
)
def test_a_name_that_one_position_fits(actor: str, code: str) -> None:
    found = propose(actor, POSITIONS)
    assert found is not None
    assert found.positions == (code,)


@pytest.mark.parametrize(
    "actor", ["Kepala", "Staf Keuangan", "Penyelia", "Ka. UPTD", "Kasubbag TU", "Kabid", "", "&", "Pelanggan"]
)
def test_where_several_fit_or_none_nothing_is_proposed(actor: str) -> None:
    assert propose(actor, POSITIONS) is None


@pytest.mark.parametrize(("near", "code"), [("kemasan-tu", "kemasan-tu"), ("bpsmb-tu", "bpsmb-tu")])
def test_of_several_the_only_one_of_the_unit_is_meant(near: str, code: str) -> None:
    found = propose("KASUBAG TU", POSITIONS, near=[near, "uptd"])
    assert found is not None and found.positions == (code,)


def test_two_names_with_a_stroke_mean_two_positions_or_nothing() -> None:
    found = propose("Kadis/Sekretaris", POSITIONS)
    assert found is not None and found.positions == ("kadis", "sekretaris")
    assert propose("Kadis/Panitia", POSITIONS) is None


def test_abbreviations_are_written_out() -> None:
    assert words_of("Ka.Sub Bag. TU") == words_of("Kepala Subbagian Tata Usaha") == words_of("KASUBBAG TU")


def test_proposals_agree_with_what_people_bound_by_hand() -> None:
    """All bodies together: a proposal is among the positions that the catalogue tells. Two actors bear the name of a
    position of another unit, in a document that copied them."""
    right, wrong = 0, []
    for folder in sorted(path.parent for path in PROCEDURES_DIR.glob("*/catalogue.yaml")):
        body, listed = (
            read_data((folder / name).read_text(), file=name) for name in ("institution.yaml", "catalogue.yaml")
        )
        positions = {one["code"]: one["name"] for one in body["positions"]}
        files = {path.stem: path for path in procedure_files(folder)}
        for entry in listed["entries"]:
            procedure = (
                load(files[entry["procedure"]].read_text(), file="") if entry.get("procedure") in files else None
            )
            for actor in procedure.actors if isinstance(procedure, Procedure) else ():
                bound = (entry.get("bindings") or {}).get(actor.id)
                found = propose(actor.name, positions) if bound and actor.kind is ActorKind.STAFF else None
                if found is not None:
                    right += set(found.positions) <= set(bound)
                    wrong += [] if set(found.positions) <= set(bound) else [(entry["procedure"], actor.name)]
    assert len(wrong) <= 0.03 * right, wrong
