"""What a reader of results should look at: kept as a code with its figures, worded in the language of who reads."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from sopan.ui import source
from sopan.ui.formats import written

RAISED, SAME, SIMULATED = "raised", "same", "simulated"
NO_THERMOHYGROMETER, NO_BAROMETER = "no-thermohygrometer", "no-barometer"
WORDS = {
    RAISED: _("Ketidakpastian lebih kecil daripada CMC; yang dilaporkan adalah CMC."),
    SAME: _("Semua pembacaan sama: %(names)s."),
    SIMULATED: _(
        "Metode Monte Carlo (JCGM 101) memberi %(low)s sampai %(high)s pada titik %(point)s; selisihnya dari metode linear perlu ditinjau."
    ),
    NO_THERMOHYGROMETER: _(
        "Laboratorium ini belum mendaftarkan termohigrometer: ketertelusuran suhu dan kelembapan ruang belum terbukti."
    ),
    NO_BAROMETER: _("Laboratorium ini belum mendaftarkan barometer: ketertelusuran tekanan udara belum terbukti."),
}


def worded(remark: str | Mapping[str, str]) -> str:
    """A remark as HTML. Earlier ones were kept as a sentence, in Indonesian."""
    if isinstance(remark, str):
        return source.marked(remark)
    figures = {name: written(text) for name, text in remark.items() if name in ("low", "high", "point")}
    return source.sentence(WORDS[remark["code"]], figures, names=remark.get("names", ""))
