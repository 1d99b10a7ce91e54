"""Documents that people upload: what is found, what becomes a revision, and what is refused with its reason."""

from __future__ import annotations

import io
import json
import re

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import sopan.web.book.urls
import sopan.web.catalogue.urls
import sopan.web.editor.urls
from sopan.catalogue import importing
from sopan.catalogue.editing import open_revision
from sopan.catalogue.models import CatalogueEntry, Revision, SourceDocument
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.write import text_of, to_file
from sopan.exchange.bpmn.write import write_bpmn
from sopan.web.editor.tests.conftest import TEXT, Desk

HEAD = "No\tKegiatan\tPetugas\tKepala\tKelengkapan\tWaktu\tOutput\n"
ROWS = "1\tMencatat berkas\t■\t\tBuku\t5 menit\tNomor\n2\tMenandatangani\t\t■\tBerkas\tmaks 2 hari\tSurat\n"


def document(name: str = "Izin reklame", *, number: str = "12/PTSP", rows: str = ROWS) -> bytes:
    return f"Nomor SOP\t: {number}\nNama SOP\t: {name}\n{HEAD}{rows}".encode()


def upload(desk: Desk, *files: tuple[str, bytes], who: str = "lestari") -> str:
    """The page that answers."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return desk.client(who).post("/sop/impor/", {"files": sent}, follow=True).content.decode()


def choose(desk: Desk, *keys: str) -> str:
    """The address where the person ends up."""
    answer = desk.client().post("/sop/impor/pilih/", {"found": list(keys)}, follow=True)
    return answer.redirect_chain[-1][0] if answer.redirect_chain else ""


def test_what_is_found_is_listed_and_becomes_a_revision(desk: Desk) -> None:
    page = upload(desk, ("izin.txt", document()))
    assert "Izin reklame" in page and "semua diketahui" in page and "SOP baru" in page
    [found] = SourceDocument.objects.get().found
    assert (found["steps"], found["with_actor"]) == (2, 2)
    pk = SourceDocument.objects.get().pk
    where = choose(desk, f"{pk}-0")
    revision = Revision.objects.get(slug="izin-reklame")
    assert where == f"/sop/konsep/{revision.pk}/sunting/" and revision.source == "izin.txt"
    assert [step["activity"] for step in revision.content["steps"]] == ["Mencatat berkas", "Menandatangani"]
    assert "Buka konsepnya" in desk.client().get(f"/sop/impor/?dok={pk}").content.decode()


def test_printed_texts_stay_texts(desk: Desk) -> None:
    rows = "01\tMencatat\t■\t\t2026\t5 menit\t007\n1.10\tMenandatangani\t\t■\ttrue\t1 jam\tnull\n"
    upload(desk, ("a.txt", document(rows=rows)))
    first, second = SourceDocument.objects.get().found[0]["content"]["steps"]
    assert (first["no"], first["requirements"], first["outputs"]) == ("01", ["2026"], ["007"])
    assert (second["no"], second["requirements"], second["outputs"]) == ("1.10", ["true"], ["null"])


def test_the_notes_of_the_reader_are_told_in_indonesian(desk: Desk) -> None:
    rows = "1\tMencatat berkas\t\t\tBuku\t5 menit\tNomor\n1\tMenandatangani\t\t■\tBerkas\tmaks 2 hari\tSurat\n"
    page = upload(desk, ("a.txt", document(rows=rows)))
    assert "Pelaksananya tidak tertulis." in page and "Nomor 1 tercetak lebih dari sekali." in page
    assert "Who does it" not in page
    assert SourceDocument.objects.get().found[0]["content"]["notes"][0].startswith("Dibaca dari a.txt;")


def test_a_procedure_of_the_catalogue_is_changed_and_not_doubled(desk: Desk) -> None:
    Revision.objects.update(state="dropped")
    page = upload(desk, ("a.txt", document("Surat  MASUK", number="-")))
    assert "perubahan atas versi 1" in page
    choose(desk, f"{SourceDocument.objects.get().pk}-0")
    revision = Revision.objects.get(state="draft")
    assert (revision.slug, revision.based_on) == ("surat", desk.version)


def test_a_line_of_the_list_gets_its_description(desk: Desk) -> None:
    CatalogueEntry.objects.create(institution=desk.body, slug="izin", number="V.1", name="Izin Reklame")
    assert "SOP terdaftar, uraian pertama" in upload(desk, ("a.txt", document()))
    choose(desk, f"{SourceDocument.objects.get().pk}-0")
    assert Revision.objects.filter(slug="izin", based_on=None).exists()


def test_what_somebody_writes_already_is_told_and_cannot_be_chosen(desk: Desk) -> None:
    page = upload(desk, ("a.txt", document("Surat masuk", number="SOP 1")), who="sari")
    assert "sedang disusun oleh Lestari" in page and 'name="found"' not in page
    choose(desk, f"{SourceDocument.objects.get().pk}-0")
    assert Revision.objects.count() == 1


def test_two_procedures_of_one_name_get_two_addresses(desk: Desk) -> None:
    upload(desk, ("a.txt", document("Impor")), ("b.txt", document("Impor", number="9/Z")))
    for found in SourceDocument.objects.order_by("pk"):
        choose(desk, f"{found.pk}-0")
    slugs = set(Revision.objects.exclude(slug="surat").values_list("slug", flat=True))
    assert slugs == {"impor-2", "impor-3"}  # "impor" is the address of a page


def test_the_same_document_twice_is_told(desk: Desk) -> None:
    upload(desk, ("a.txt", document()))
    page = upload(desk, ("lain.txt", document()), who="sari")
    assert "sudah pernah dibaca oleh Lestari" in page
    assert SourceDocument.objects.count() == 1


def word(text: str) -> bytes:
    paper, content = docx.Document(), io.BytesIO()
    paper.add_paragraph(text)
    paper.save(content)
    return content.getvalue()


def excel() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["Nama SOP", "Peminjaman alat"])
    for line in (HEAD + ROWS).strip().split("\n"):
        sheet.append(line.split("\t"))
    book.save(content)
    return content.getvalue()


def test_excel_and_our_own_files_are_read(desk: Desk) -> None:
    version = load(TEXT.replace("Surat masuk", "Surat keluar").replace("SOP 1", "SOP 2"), file="x.yaml")
    assert not isinstance(version, list)
    own = TEXT.replace("Surat masuk", "Surat tugas").replace("SOP 1", "SOP 3").encode()
    drawn = load(TEXT.replace("Surat masuk", "Surat edaran").replace("SOP 1", "SOP 4"), file="y.yaml")
    assert not isinstance(drawn, list)
    page = upload(
        desk, ("a.xlsx", excel()), ("b.json", text_of(to_file(version)).encode()), ("c.yaml", own),
        ("d.bpmn", write_bpmn(drawn)),
    )  # fmt: skip
    assert all(name in page for name in ("Peminjaman alat", "Surat keluar", "Surat tugas", "Surat edaran"))
    [found] = SourceDocument.objects.get(name="c.yaml").found
    again = load(text_of(found["content"]), file="x.yaml")
    assert not isinstance(again, list) and again.identity.name == "Surat tugas"


BROKEN = [
    ("kosong.txt", b" ", "Berkas ini kosong."),
    ("gambar.png", b"\x89PNG\r\n\x1a\n" + bytes(900), "Isinya bukan teks."),
    ("lama.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "simpan sebagai DOCX atau XLSX"),
    ("rusak.docx", b"PK\x03\x04 word/document.xml", "Berkas ini rusak"),
    ("surat.docx", word("Dengan hormat"), "Tidak ada tabel kegiatan"),
    ("milik.yaml", b"format: 1\nidentity: [", "tidak dapat dibaca dengan aman"),
    ("salah.yaml", b"format: 1\nsteps: 7\nlain: x", "Isi konsep tidak dapat dibaca"),
    ("bom.yaml", b"format: 1\na: &a [x]\nb: *a\n", "tidak dapat dibaca dengan aman"),
]


@pytest.mark.parametrize(("name", "data", "why"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_what_cannot_be_read_is_refused_with_the_reason(desk: Desk, name: str, data: bytes, why: str) -> None:
    page = upload(desk, (name, data), ("baik.txt", document()))
    assert "Dokumen ini tidak dibaca." in page and why in page
    assert "Izin reklame" in page  # the others are not lost


def test_a_document_that_could_not_be_read_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(importing, "_found", lambda data, name: ([], "It is empty."))
        upload(desk, ("a.txt", document()))
    assert "Izin reklame" in upload(desk, ("a.txt", document()))


def test_no_file_and_too_many_files_are_told_at_the_field(desk: Desk) -> None:
    client = desk.client()
    assert client.post("/sop/impor/", {}).status_code == 422
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    answer = client.post("/sop/impor/", {"files": many})
    assert answer.status_code == 422 and "paling banyak 10 dokumen" in answer.content.decode()


@pytest.mark.parametrize(
    "key", ["x", "1", "1-", "0-0", "999999999999999999-0", "1-9999", f"{2**80}-0", "1-0-0", "-1-0"]
)
def test_any_key_that_is_chosen_is_taken_or_told(desk: Desk, key: str) -> None:
    upload(desk, ("a.txt", document()))
    before = Revision.objects.count()
    assert desk.client().post("/sop/impor/pilih/", {"found": [key]}).status_code == 302
    assert Revision.objects.count() == before


def test_documents_of_another_body_are_not_there(desk: Desk) -> None:
    upload(desk, ("a.txt", document()))
    pk = SourceDocument.objects.get().pk
    stranger = desk.client("jauh")
    assert "Izin reklame" not in stranger.get(f"/sop/impor/?dok={pk}").content.decode()
    stranger.post("/sop/impor/pilih/", {"found": [f"{pk}-0"]})
    assert not Revision.objects.filter(slug="izin-reklame").exists()
    other = desk.people["jauh"]
    refused = importing.open_found(SourceDocument.objects.get(), 0, actor=other, now=timezone.now())
    assert isinstance(refused, Refusal) and refused.code == "not-found"


def test_names_in_documents_are_escaped(desk: Desk) -> None:
    page = upload(desk, ("<img src=x>.txt", document("<img src=x onerror=alert(1)>", number="<b>9</b>")))
    assert "<img" not in page and "<b>9</b>" not in page
    assert 'name="found"' in page


def test_a_document_with_a_table_that_is_only_named_is_not_chosen(desk: Desk) -> None:
    both = b"DAFTAR SOP\nNo\tNama SOP\tNomor\n1\tPelayanan tamu\t1/X\n2\tPelayanan surat\t2/X\n" + document()
    page = upload(desk, ("a.txt", both))
    assert "Izin reklame" in page


def test_a_revision_of_another_person_is_not_overwritten_by_an_import(desk: Desk) -> None:
    open_revision(desk.body, actor=desk.people["sari"], slug="izin-reklame", now=timezone.now())
    upload(desk, ("a.txt", document()))
    choose(desk, f"{SourceDocument.objects.get().pk}-0")
    assert set(Revision.objects.values_list("slug", flat=True)) == {"surat", "izin-reklame", "izin-reklame-2"}


def test_a_second_press_opens_the_same_revision(desk: Desk) -> None:
    upload(desk, ("a.txt", document()))
    key = f"{SourceDocument.objects.get().pk}-0"
    assert choose(desk, key) == choose(desk, key)
    assert Revision.objects.exclude(slug="surat").count() == 1
    Revision.objects.exclude(slug="surat").update(state="dropped")
    choose(desk, key)
    assert Revision.objects.filter(state="draft").exclude(slug="surat").count() == 1


def test_a_file_of_the_format_that_is_too_large_for_a_draft_is_refused_in_words(desk: Desk) -> None:
    rows = [{"no": str(no), "actor": "a", "activity": "kata " * 920, "next": [str(no + 1)]} for no in range(1, 100)]
    told = {"format": "1", "identity": {"number": "1", "name": "Besar"}, "actors": {"a": {"name": "A"}}}
    text = json.dumps({**told, "steps": [*rows, {"no": "100", "actor": "a", "activity": "Selesai", "end": "finished"}]})
    assert "Konsep ini terlalu besar." in upload(desk, ("besar.json", text.encode()))


def test_no_found_procedure_is_called_like_a_page(desk: Desk) -> None:
    routes = [str(route.pattern) for route in sopan.web.catalogue.urls.urlpatterns + sopan.web.book.urls.urlpatterns]
    routes += [str(route.pattern) for route in sopan.web.editor.urls.urlpatterns]
    words = {found[1] for route in routes if (found := re.match(r"sop/([a-z]+)/", route))}
    assert words <= importing.RESERVED
    assert importing.free_slug(desk.body, "Buku") == "buku-2"


BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def diagram(*elements: str) -> bytes:
    """A diagram of another tool: one way through tasks."""
    inner = "".join(elements)
    return (
        f'<definitions xmlns="{BPMN}"><process id="p" name="Izin usaha"><startEvent id="s"/><task id="a" name="Mencatat"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="a"/><endEvent id="e"/><sequenceFlow id="g" sourceRef="a" targetRef="e"/>'
        f"{inner}</process></definitions>"
    ).encode()


def test_what_a_diagram_holds_beside_the_procedure_is_told(desk: Desk) -> None:
    page = upload(desk, ("izin.bpmn", diagram('<textAnnotation id="t"><text>Buka pukul 8</text></textAnnotation>')))
    assert "Berkas: Tidak diikutkan: textAnnotation (id t): Buka pukul 8." in page
    [found] = SourceDocument.objects.get(name="izin.bpmn").found
    assert found["content"]["notes"][0] == "Langkah dinomori menurut urutan jalur pada diagram."
    assert "gambar alur dokumen tidak dibaca" not in str(found)


def test_a_diagram_is_refused_by_the_name_of_its_element(desk: Desk) -> None:
    page = upload(desk, ("izin.bpmn", diagram('<subProcess id="u" name="Rapat"/>')))
    assert "SOP tidak mengenal subProcess “Rapat” (id u)." in page
