"""A page that shows every shared part once, rendered without a database."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.apps import apps
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from sopan.ui.navigation import Item

# The rows are asked for by name: the screens stand beside the people, not on them.
Company, Institution, User = (apps.get_model("people", name) for name in ("Company", "Institution", "User"))
HERE = Path(__file__).parent
NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)


class SampleForm(forms.Form):
    name = forms.CharField(label="Nama alat", help_text="Seperti tertulis pada alat.")
    day = forms.DateField(label="Tanggal terima", required=False, widget=forms.DateInput)
    kind = forms.ChoiceField(label="Kondisi", choices=[("ok", "Baik"), ("bad", "Rusak")], widget=forms.RadioSelect)
    lab = forms.ChoiceField(label="Laboratorium", choices=[("a", "Massa dan Suhu"), ("b", "Dimensi")])
    file = forms.FileField(label="Foto", required=False, widget=forms.FileInput(attrs={"accept": ".jpg,.png"}))
    agree = forms.BooleanField(label="Segel utuh", required=False)
    weight = forms.DecimalField(label="Berat", required=False)


def institution() -> Institution:
    return Institution(
        code="contoh",
        name="Balai Contoh Palembang",
        short_name="Balai Contoh",
        phone="(0711) 000 000",
        email="layanan@contoh.example",
    )


def person(*, kind: str = "staff", **fields: object) -> User:
    company = Company(name="PT Bukit Sampel") if kind == "customer" else None
    return User(
        email="dewi@contoh.example",
        name="Dewi Lestari",
        title_after="S.T.",
        kind=kind,
        institution=institution(),
        company=company,
        last_login=timezone.now(),
        **fields,
    )


def request_of(user: object, path: str = "/tugas/1") -> object:
    request = RequestFactory().get(path)
    request.user, request.session = user, {}
    request._institution = institution()
    request._nav_items = [
        Item(key="inbox", label="Tugas saya", url="/tugas", icon="inbox", group="", count=9, current=True),
        Item(key="cases", label="Kasus", url="/kasus", icon="folder-open", group="", count=0, current=False),
        Item(key="sop", label="SOP", url="/sop", icon="rectangle-group", group="Pengelolaan", count=0, current=False),
    ]
    return request


def kitchen(*, base: str, user: object, data: dict | None = None) -> str:
    """The page as text. ``base`` is ``ui/staff.html``, ``ui/public.html`` or another; ``data`` binds the form."""
    template = engines["django"].from_string((HERE / "kitchen.html").read_text())
    context = {
        "base": base,
        "user": user,
        "form": SampleForm(data),
        "minus": -124,
        "now": NOW,
        "page_obj": Paginator(range(60), 25).page(2),
        "timeline": [
            SimpleNamespace(
                tone="", title="Bukti bayar diterima", detail="Rp 3.750.000", who="Siti Nurhaliza, S.E.", at=NOW
            ),
            SimpleNamespace(tone="warn", title="Tarif disetujui", detail="lewat 12 menit", who="Ir. Hendra", at=NOW),
            SimpleNamespace(
                tone="msg", title="Pelanggan", quote="Alat diantar Sabtu pagi.", who="Rina Wulandari", at=NOW
            ),
        ],
    }
    return template.render(context, request_of(user))
