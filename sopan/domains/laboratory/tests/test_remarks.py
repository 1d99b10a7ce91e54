"""Remarks on results are kept as codes: each reader sees them in his language, with the body's words marked."""

from django.utils import translation

from sopan.domains.laboratory import remarks


def test_a_remark_is_worded_for_who_reads_it():
    kept = [
        {"code": remarks.RAISED},
        {"code": remarks.SAME, "names": "Daya baca <nol>"},
        {"code": remarks.SIMULATED, "low": "0.031", "high": "0.052", "point": "1e-3"},
        "Ketidakpastian diperiksa.",
    ]
    with translation.override("id"):
        assert [remarks.worded(one) for one in kept] == [
            "Ketidakpastian lebih kecil daripada CMC; yang dilaporkan adalah CMC.",
            "Semua pembacaan sama: Daya baca &lt;nol&gt;.",
            "Metode Monte Carlo (JCGM 101) memberi 0,031 sampai 0,052 pada titik 1e−3; "
            "selisihnya dari metode linear perlu ditinjau.",
            "Ketidakpastian diperiksa.",
        ]
    with translation.override("en"):
        raised, same, _simulated, earlier = map(remarks.worded, kept)
    assert raised == "The uncertainty is smaller than the CMC; the CMC is reported."
    assert same == 'All readings are equal: <span lang="id">Daya baca &lt;nol&gt;</span>.'
    assert earlier == '<span lang="id">Ketidakpastian diperiksa.</span>'
