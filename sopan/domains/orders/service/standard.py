"""The service standard: 14 components (PermenPAN-RB 15/2014), of which the first six are published.

What comes with the program says only what follows from the procedure itself; the body writes the rest and names its
source. Nothing here is taken as confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from sopan.people.models import Institution

from ..models import ServiceText
from . import texts
from .texts import Collection, Text

KIND = ServiceText.Kind.STANDARD
PUBLIC = ("persyaratan", "prosedur", "jangka-waktu", "biaya", "produk", "pengaduan")


def _defaults() -> Mapping[str, Text]:
    source = _("PermenPAN-RB 15/2014 (komponen); isi belum dipastikan")
    rows = (
        ("persyaratan", _("Persyaratan"), _("Data perusahaan dan narahubung.\nUntuk setiap alat: nama, merek, tipe, nomor seri, rentang ukur, dan titik ukur yang diminta.")),
        ("prosedur", _("Sistem, mekanisme, dan prosedur"), _("Pesanan, persetujuan biaya, pembayaran, penyerahan alat, laporan, dan survei dilakukan melalui aplikasi ini. Tahapannya tercantum pada halaman layanan.")),
        ("jangka-waktu", _("Jangka waktu penyelesaian"), _("Waktu kerja petugas pada setiap tahapan tercantum pada halaman layanan. Waktu menunggu pelanggan tidak termasuk.")),
        ("biaya", _("Biaya atau tarif"), _("Menurut tabel tarif dengan dasar hukumnya.")),
        ("produk", _("Produk pelayanan"), _("Laporan hasil kalibrasi yang ditandatangani secara elektronik dan dapat diperiksa keasliannya.")),
        ("pengaduan", _("Penanganan pengaduan, saran, dan masukan"), _("Melalui halaman Pengaduan, atau langsung kepada petugas. Pengaduan diputuskan oleh petugas yang tidak ikut mengerjakan pesanan.")),
        ("dasar-hukum", _("Dasar hukum"), ""),
        ("sarana", _("Sarana, prasarana, dan fasilitas"), ""),
        ("kompetensi", _("Kompetensi pelaksana"), ""),
        ("pengawasan", _("Pengawasan internal"), ""),
        ("jumlah-pelaksana", _("Jumlah pelaksana"), ""),
        ("jaminan-pelayanan", _("Jaminan pelayanan"), ""),
        ("jaminan-keamanan", _("Jaminan keamanan dan keselamatan pelayanan"), ""),
        ("evaluasi", _("Evaluasi kinerja pelaksana"), ""),
    )  # fmt: skip
    return {
        key: Text(KIND, key, title, text, source, False, place)
        for place, (key, title, text) in enumerate(rows, start=1)
    }


texts.collections.add(KIND, Collection(_defaults))


def published(institution: Institution) -> list[Text]:
    """The components of the delivery of the service, in the order of the law."""
    held = {text.key: text for text in texts.all_of(institution, KIND)}
    return [held[key] for key in PUBLIC]
