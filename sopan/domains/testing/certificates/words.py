"""The words of Test Result and Sertifikat Mutu in both languages; those that all reports share are the laboratory's."""

from __future__ import annotations

from sopan.domains.laboratory.certificates.words import LABELS as SHARED
from sopan.domains.laboratory.certificates.words import STATEMENTS as COMMON

from ..models import Report

SHARED_KEYS = (
    *("number", "customer", "address", "condition", "received", "issued", "environment", "temperature", "humidity"),
    *("deviation", "limit", "conformity", "rule", "parameter", "method", "unit", "external", "place"),
)
LABELS = {key: SHARED[key] for key in SHARED_KEYS} | {
    "letter": ("Surat permohonan", "Letter of request"),
    "commodity": ("Komoditi", "Commodity"),
    "standard": ("Standar", "Standard"),
    "supplied": ("Keterangan dari pemohon", "Information supplied by the applicant"),
    "customer": ("Pemohon", "Applicant"),
    "lot": ("Lot", "Lot"),
    "lot_told": ("Lot menurut pemohon", "Lot as told by the applicant"),
    "quantity": ("Jumlah", "Quantity"),
    "destination": ("Tujuan", "Destination"),
    "warehouse": ("Gudang", "Warehouse"),
    "sampling": ("Pengambilan contoh", "Sampling"),
    "assignment": ("Surat perintah tugas", "Letter of assignment"),
    "report": ("Laporan pengambilan contoh", "Sampling report"),
    "sampled_at": ("Waktu pengambilan", "Time of sampling"),
    "sampled_by": ("Petugas pengambil contoh", "Sampling officer"),
    "sampling_method": ("Metode pengambilan contoh", "Sampling method"),
    "lot_size": ("Besar lot di tempat", "Size of the lot as found"),
    "increments": ("Jumlah titik atau karung", "Bags or points sampled"),
    "conditions": ("Keadaan tempat", "Conditions at the place"),
    "sampling_deviation": ("Penyimpangan pengambilan contoh", "Deviations in sampling"),
    "samples": ("Contoh", "Samples"),
    "code": ("Identitas contoh", "Sample identity"),
    "seal": ("Segel", "Seal"),
    "tested": ("Tanggal pengujian", "Date of testing"),
    "place": ("Tempat pengujian", "Place of testing"),
    "equipment": ("Peralatan", "Equipment"),
    "results": ("Hasil uji", "Test results"),
    "result": ("Hasil", "Result"),
    "basis": ("Test Result", "Test Result"),
    "none": ("tidak ada", "none"),
    "statement": ("Pernyataan", "Statement"),
    "authorised": ("Hasil uji disahkan oleh", "Results authorised by"),
    "end": ("Akhir dokumen", "End of document"),
    "invented": (
        "Komoditi dan batas contoh, bukan standar yang berlaku",
        "Invented commodity and limits for trial use",
    ),
}
TITLES = {
    Report.Kind.TEST_RESULT: ("Laporan Hasil Uji", "Test Result"),
    Report.Kind.CERTIFICATE: ("Sertifikat Mutu", "Certificate of Quality"),
}
STATEMENTS = {
    "issued": COMMON["issued"],
    "copy": COMMON["copy"],
    "customer_data": COMMON["customer_data"],
    "sampled": (
        "Hasil hanya berlaku untuk contoh yang diuji, yang diambil dari lot tersebut di atas.",
        "The results relate only to the samples tested, which were taken from the lot named above.",
    ),
    "only": (
        "Hasil hanya berlaku untuk contoh yang diuji.",
        "The results relate only to the samples tested.",
    ),
    "as_received": (
        "Contoh diantar oleh pemohon dan diuji sebagaimana diterima; laboratorium tidak mengambil contoh itu.",
        "The samples were brought by the applicant and tested as received; the laboratory did not take them.",
    ),
    "uncertainty": (
        "U adalah ketidakpastian yang diperluas dengan faktor cakupan k yang disebut, untuk tingkat kepercayaan sekitar 95 %.",
        "U is the expanded uncertainty with the coverage factor k stated, for a coverage probability of approximately 95 %.",
    ),
    "without": (
        "Pernyataan kesesuaian tidak diminta atau batasnya belum dibandingkan dengan standar tercetak.",
        "No statement of conformity was asked for, or its limit has not been compared with the printed standard.",
    ),
}
STATED = {
    "pass": ("Lot ini memenuhi {standard}.", "This lot complies with {standard}."),
    "conditionalPass": (
        "Lot ini memenuhi {standard} dengan syarat.",
        "This lot conditionally complies with {standard}.",
    ),
    "conditionalFail": (
        "Lot ini tidak memenuhi {standard} dengan syarat.",
        "This lot conditionally does not comply with {standard}.",
    ),
    "fail": ("Lot ini tidak memenuhi {standard}.", "This lot does not comply with {standard}."),
}
# A sample that was brought says nothing of the lot that it came from.
STATED_AS_RECEIVED = {
    outcome: (
        told.replace("Lot ini", "Contoh sebagaimana diterima"),
        english.replace("This lot", "The sample as received"),
    )
    for outcome, (told, english) in STATED.items()
}
