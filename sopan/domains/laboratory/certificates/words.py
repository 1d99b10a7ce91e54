"""The words of a certificate in both languages: labels, fixed sentences, and the labels of the shipped methods."""

from __future__ import annotations

LANGUAGES = {"id": ("id",), "en": ("en",), "both": ("id", "en")}  # of the order -> of the report, the ruling one first

LABELS = {  # key -> Indonesian, English
    "number": ("Nomor", "Number"),
    "order": ("Nomor order", "Order number"),
    "customer": ("Pelanggan", "Customer"),
    "address": ("Alamat", "Address"),
    "contact": ("Kontak", "Contact"),
    "instrument": ("Identitas alat", "Instrument"),
    "name": ("Nama alat", "Name"),
    "make": ("Merek", "Manufacturer"),
    "type": ("Tipe", "Type"),
    "serial": ("Nomor seri", "Serial number"),
    "range": ("Rentang ukur", "Range"),
    "sample": ("Nomor sampel", "Sample number"),
    "condition": ("Kondisi saat diterima", "Condition as received"),
    "received": ("Tanggal diterima", "Date received"),
    "issued": ("Tanggal terbit", "Date of issue"),
    "supplied": ("Keterangan dari pelanggan", "Information supplied by the customer"),
    "results": ("Hasil kalibrasi", "Calibration results"),
    "parameter": ("Parameter", "Parameter"),
    "laboratory": ("Laboratorium", "Laboratory"),
    "dates": ("Tanggal kalibrasi", "Date of calibration"),
    "place": ("Tempat kalibrasi", "Place of calibration"),
    "environment": ("Kondisi lingkungan", "Environmental conditions"),
    "instruments": ("Kondisi dibaca dengan", "Conditions read with"),
    "temperature": ("suhu", "temperature"),
    "humidity": ("kelembapan relatif", "relative humidity"),
    "pressure": ("tekanan udara", "air pressure"),
    "method": ("Metode", "Method"),
    "norms": ("Acuan", "References"),
    "deviation": ("Penyimpangan dari metode", "Deviations from the method"),
    "standards": ("Standar yang digunakan", "Standards used"),
    "equipment": ("Standar", "Standard"),
    "certificate": ("Sertifikat", "Certificate"),
    "traceable": ("Tertelusur melalui", "Traceable through"),
    "valid": ("Berlaku sampai", "Valid until"),
    "point": ("Titik ukur", "Point"),
    "unit": ("Satuan", "Unit"),
    "reference": ("Nilai standar", "Reference value"),
    "indication": ("Penunjukan alat", "Indication"),
    "error": ("Kesalahan", "Error"),
    "correction": ("Koreksi", "Correction"),
    "conformity": ("Kesesuaian", "Conformity"),
    "risk": ("risiko", "risk"),
    "global": ("global", "global"),
    "limit": ("Batas", "Limit"),
    "note": ("Catatan", "Note"),
    "notes": ("Catatan", "Notes"),
    "as_found": ("Sebelum penyetelan", "As found, before adjustment"),
    "as_left": ("Sesudah penyetelan", "As left, after adjustment"),
    "as_is": ("Tanpa penyetelan", "Without adjustment"),
    "formula": ("Koreksi = nilai standar − penunjukan alat.", "Correction = reference value − indication."),
    "authorised": ("Disahkan secara teknis oleh", "Technically authorised by"),
    "budget": ("Lampiran: anggaran ketidakpastian", "Annex: uncertainty budget"),
    "component": ("Komponen", "Component"),
    "distribution": ("Sebaran", "Distribution"),
    "rule": ("Aturan keputusan", "Decision rule"),
    "specification": ("Spesifikasi", "Specification"),
    "amends": ("Pengganti sertifikat nomor", "Replaces certificate number"),
    "changed": ("Yang berubah", "What changed"),
    "reason": ("Alasan perubahan", "Reason for the change"),
    "outside": ("di luar lingkup akreditasi", "outside the scope of accreditation"),
    "external": ("Hasil dari penyedia eksternal", "Result from an external provider"),
    "interval": ("Kalibrasi ulang menurut kesepakatan dengan pelanggan", "Recalibration as agreed with the customer"),
    "end": ("Akhir sertifikat", "End of certificate"),
}

TITLES = {
    "calibration_certificate": ("Sertifikat Kalibrasi", "Calibration Certificate"),
    "calibration_report": ("Laporan Hasil Kalibrasi", "Calibration Report"),
    "test_report": ("Laporan Hasil Uji", "Test Report"),
}

STATEMENTS = {  # the sentences that ISO/IEC 17025:2017, 7.8, asks for
    "issued": ("tanggal tanda tangan elektronik di bawah", "date of the electronic signature below"),
    "only": (
        "Hasil hanya berlaku untuk alat yang disebut di atas, dalam keadaan saat dikalibrasi.",
        "The results relate only to the instrument named above, in its state when calibrated.",
    ),
    "as_received": (
        "Alat dikalibrasi dalam keadaan sebagaimana diterima.",
        "The instrument was calibrated as received.",
    ),
    "copy": (
        "Dokumen ini hanya boleh digandakan seutuhnya, kecuali dengan persetujuan tertulis Balai.",
        "This document shall not be reproduced except in full without written approval of the institution.",
    ),
    "customer_data": (
        "Keterangan yang diberi tanda dari pelanggan tidak diperiksa oleh laboratorium.",
        "Information marked as supplied by the customer was not verified by the laboratory.",
    ),
    "traceability": (
        "Hasil pengukuran tertelusur ke Sistem Internasional Satuan (SI) melalui sertifikat standar yang disebut.",
        "The results are metrologically traceable to the International System of Units (SI) through the certificates of "
        "the standards listed.",
    ),
    "uncertainty": (
        "U adalah ketidakpastian yang diperluas, hasil kali ketidakpastian baku dengan faktor cakupan k, untuk "
        "tingkat kepercayaan sekitar {p} %.",
        "U is the expanded uncertainty: the standard uncertainty multiplied by the coverage factor k, for a coverage "
        "probability of approximately {p} %.",
    ),
    "simplified": (
        "Laporan sederhana menurut ISO/IEC 17025:2017, 7.8.1.3, di luar lingkup akreditasi: ketidakpastian tidak dilaporkan.",
        "Simplified report according to ISO/IEC 17025:2017, 7.8.1.3, outside the scope of accreditation: uncertainty is "
        "not reported.",
    ),
}

RISKS = {  # of the order: what the numbers beside a statement of conformity mean
    "specific": (
        "Risiko: kemungkinan pernyataan pada titik itu keliru (JCGM 106:2012, 7).",
        "Risk: the probability that the statement at that point is wrong (JCGM 106:2012, 7).",
    ),
    "global": (
        "Risiko: kemungkinan pernyataan pada titik itu keliru (JCGM 106:2012, 7). Global: kemungkinan alat sejenis salah "
        "diterima / salah ditolak, bila menurut pelanggan {share} % di antaranya memenuhi batas (JCGM 106:2012, 9).",
        "Risk: the probability that the statement at that point is wrong (JCGM 106:2012, 7). Global: the probability that "
        "such an instrument is falsely accepted / falsely rejected, if {share} % of them keep the limit according to the "
        "customer (JCGM 106:2012, 9).",
    ),
}

RULES = {  # of the order: how the statement of conformity takes the uncertainty into account
    "simple": ("penerimaan sederhana (w = 0)", "simple acceptance (w = 0)"),
    "guard": ("jalur penjaga w = U", "guard band w = U"),
    "fraction": ("jalur penjaga w = {r} U", "guard band w = {r} U"),
    "customer": ("aturan dari pelanggan: {text}", "customer's rule: {text}"),
}

OUTCOMES = {
    "pass": ("memenuhi", "pass"),
    "fail": ("tidak memenuhi", "fail"),
    "conditionalPass": ("memenuhi bersyarat", "conditional pass"),
    "conditionalFail": ("tidak memenuhi bersyarat", "conditional fail"),
}

OF_METHODS = {  # labels of the shipped methods, Indonesian -> English; another body's stay as they are written
    "Kesalahan": "Error",
    "Koreksi": "Correction",
    "Penyimpangan": "Deviation",
    "Massa standar": "Standard mass",
    "Massa konvensional": "Conventional mass",
    "Massa nominal": "Nominal mass",
    "Suhu standar": "Reference temperature",
    "Suhu ruang kerja": "Temperature of the working space",
    "Tekanan standar": "Reference pressure",
    "Volume terukur pada 20 °C": "Measured volume at 20 °C",
    "Volume nominal": "Nominal volume",
    "pH standar": "Reference pH",
    "Rata-rata naik": "Mean, increasing",
    "Rata-rata turun": "Mean, decreasing",
    "Histeresis": "Hysteresis",
    "Ketidakseragaman": "Non-uniformity",
    "Ketidakstabilan, ±": "Instability, ±",
    "Simpangan baku": "Standard deviation",
    "Faktor Z": "Factor Z",
    "Simpangan baku keterulangan": "Standard deviation of repeatability",
    "Penyimpangan pojok terbesar": "Largest eccentricity error",
    "Kemiringan elektrode": "Electrode slope",
    "Kesalahan penunjukan massa": "Error of indication of mass",
    "Koreksi penunjukan suhu": "Correction of indicated temperature",
    "Koreksi penunjukan suhu ruang kerja": "Correction of the indicated temperature of the working space",
    "Kesalahan penunjukan tekanan": "Error of indication of pressure",
    "Volume pada 20 °C": "Volume at 20 °C",
    "Kalibrasi timbangan elektronik dengan anak timbangan standar": "Calibration of electronic balances by standard weights",
    "Kalibrasi termometer dan penunjuk suhu dengan perbandingan di penangas": "Calibration of thermometers by comparison "
    "in a bath",
    "Kalibrasi manometer dengan tekanan naik dan turun": "Calibration of pressure gauges, increasing and decreasing",
    "Kalibrasi oven dan inkubator dengan sembilan sensor": "Calibration of ovens and incubators by nine sensors",
    "Kalibrasi mikropipet dan alat gelas volumetrik secara gravimetri": "Gravimetric calibration of micropipettes and "
    "volumetric glassware",
}

Pair = tuple[str, str]


def both(text: str) -> Pair:
    """A label of a method in both languages; the same twice where no English is known."""
    return text, OF_METHODS.get(text, text)
