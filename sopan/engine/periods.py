"""Names of the periods in which something is done again and again."""

from __future__ import annotations

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


def period_name(key: str) -> str:
    """A period as it stands in the title of a case, in the language of the institution: ``November 2026``."""
    year, _dash, rest = key.partition("-")
    if not rest:
        return f"Tahun {year}"
    if rest[0] in "QSW":
        kind = {"Q": "Triwulan", "S": "Semester", "W": "Minggu ke-"}[rest[0]]
        number = rest[1:].lstrip("0")
        return (
            f"{kind}{number} {year}" if rest[0] == "W" else f"{kind} {('I', 'II', 'III', 'IV')[int(number) - 1]} {year}"
        )
    month, _dash, day = rest.partition("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}" if day else f"{MONTHS[int(month) - 1]} {year}"
