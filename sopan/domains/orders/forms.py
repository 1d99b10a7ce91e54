"""Forms of customers and of the staff who work on orders. What is typed wrongly is told at its field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sopan.people.models import User
from sopan.ui import formats

from . import billing, queries, rules
from .models import Order, OrderItem, TariffLine
from .queries import OTHER_KIND, Kind
from .skm.elements import Question

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ().-]{5,28}$", _("Nomor telepon terdiri atas angka, boleh dengan spasi dan tanda hubung.")
)
PROOF_TYPES = ("application/pdf", "image/jpeg", "image/png")


def _text(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, **more)


def _long(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 4}), **more)


# Registration ---------------------------------------------------------------------------------------------------------


class RegisterForm(forms.Form):
    """The company and its first person."""

    company_name = _text(_("Nama perusahaan"), 200)
    npwp = _text(_("NPWP"), 30, required=False, help_text=_("15 atau 16 angka; tanda baca boleh ditulis."))
    address = forms.CharField(label=_("Alamat"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    city = _text(_("Kota atau kabupaten"), 100)
    company_phone = _text(_("Telepon perusahaan"), 30, required=False, validators=[PHONE])
    name = _text(_("Nama lengkap Anda"), 150)
    email = forms.EmailField(label=_("Surel"), max_length=254, help_text=_("Untuk masuk dan menerima kabar pesanan."))
    phone = _text(_("Nomor ponsel"), 30, validators=[PHONE])
    password = forms.CharField(
        label=_("Kata sandi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Sedikitnya 10 karakter, bukan angka saja."),
    )
    repeated = forms.CharField(
        label=_("Ulangi kata sandi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    COMPANY = ("company_name", "npwp", "address", "city", "company_phone")
    PERSON = ("name", "email", "phone")

    def clean_npwp(self) -> str:
        digits = formats.digits_of(self.cleaned_data["npwp"])
        if self.cleaned_data["npwp"].strip() and len(digits) not in (15, 16):
            raise ValidationError(_t("NPWP terdiri atas 15 atau 16 angka."))
        return digits

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password = data.get("password")
        if password:
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as wrong:
                self.add_error("password", wrong)
            if data.get("repeated") and data["repeated"] != password:
                self.add_error("repeated", _t("Kedua kata sandi tidak sama."))
        return data

    @property
    def company(self) -> dict[str, str]:
        data = self.cleaned_data
        return {
            "name": data["company_name"],
            "npwp": data["npwp"],
            "address": data["address"],
            "city": data["city"],
            "phone": data["company_phone"],
        }

    @property
    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.PERSON}


class TrackForm(forms.Form):
    number = _text(_("Nomor pesanan"), 160, help_text=_("Contoh: ORD-2026-11-0412 atau P-000412."))
    code = _text(_("Kode pelacakan"), 20, help_text=_("8 karakter, ada pada surel dan halaman pesanan Anda."))


# The order form -------------------------------------------------------------------------------------------------------


class ContactForm(forms.Form):
    contact_name = _text(_("Nama narahubung"), 150)
    contact_phone = _text(_("Nomor ponsel narahubung"), 30, validators=[PHONE])
    contact_email = forms.EmailField(label=_("Surel narahubung"), max_length=254)


class WishesForm(forms.Form):
    language = forms.ChoiceField(label=_("Bahasa laporan"), choices=Order.Language.choices, widget=forms.RadioSelect)
    decision_rule = forms.ChoiceField(
        label=_("Aturan keputusan"),
        choices=Order.DecisionRule.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Cara menyatakan apakah alat memenuhi batasnya. Pilih tanpa pernyataan bila Anda tidak memerlukannya."
        ),
    )
    guard_fraction = forms.DecimalField(
        label=_("Bagian ketidakpastian r"),
        required=False,
        localize=True,
        min_value=Decimal("0.01"),
        max_value=Decimal("2"),
        max_digits=4,
        decimal_places=2,
        help_text=_("Untuk jalur penjaga sebagian dan aturan dari pelanggan: lebar jalur = r × U. Contoh: 0,83."),
    )
    rule_text = _text(_("Uraian aturan dari pelanggan"), 500, required=False)
    accepts_unaccredited = forms.BooleanField(
        label=_("Saya menyetujui hasil di luar lingkup akreditasi dilaporkan tanpa tanda akreditasi"), required=False
    )
    risk = forms.ChoiceField(
        label=_("Angka risiko"),
        choices=Order.Risk.choices,
        required=False,
        widget=forms.RadioSelect,
        initial="",
        help_text=_("Kemungkinan pernyataan keliru, dicetak di samping pernyataan kesesuaian (JCGM 106)."),
    )
    in_tolerance = forms.DecimalField(
        label=_("Bagian alat sejenis yang memenuhi batas, %"),
        required=False,
        localize=True,
        min_value=Decimal("1"),
        max_value=Decimal("99.9"),
        max_digits=4,
        decimal_places=1,
        help_text=_("Menurut catatan Anda, untuk risiko global. Contoh: 95."),
    )
    interval_months = forms.IntegerField(
        label=_("Saran kalibrasi ulang setelah … bulan"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("Dicetak pada sertifikat sebagai kesepakatan. Kosongkan bila tanpa saran."),
    )
    accepts_simplified = forms.BooleanField(
        label=_("Saya menyetujui laporan sederhana, tanpa ketidakpastian, untuk alat yang belum ada metodenya"),
        required=False,
    )
    note = _long(_("Catatan untuk petugas"), 2_000, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rule = data.get("decision_rule")
        if rule and rule not in (Order.DecisionRule.FRACTION, Order.DecisionRule.CUSTOMER):
            self._ignore(data, "guard_fraction")
        if "risk" in data and data["risk"] != Order.Risk.GLOBAL:
            self._ignore(data, "in_tolerance")
        if rule == Order.DecisionRule.FRACTION and "guard_fraction" not in self.errors and not data["guard_fraction"]:
            self.add_error("guard_fraction", _t("Isi bagian r untuk aturan ini."))
        if rule == Order.DecisionRule.CUSTOMER and not data.get("rule_text"):
            self.add_error("rule_text", _t("Uraikan aturan yang Anda minta."))
        if data.get("risk") and rule == Order.DecisionRule.NONE:
            self.add_error("risk", _t("Angka risiko melengkapi pernyataan kesesuaian. Pilih aturan keputusan dahulu."))
        if data.get("risk") == Order.Risk.GLOBAL and "in_tolerance" not in self.errors and not data["in_tolerance"]:
            self.add_error("in_tolerance", _t("Isi bagian ini untuk risiko global."))
        return data

    def _ignore(self, data: dict[str, Any], name: str) -> None:
        """Something typed for another choice than the one made now neither counts nor refuses the form."""
        self.errors.pop(name, None)
        data[name] = None


class KindForm(forms.Form):
    """Which kind of instrument; decides what the next page asks."""

    kind = forms.ChoiceField(label=_("Jenis alat"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(kind.key, kind.name) for kind in kinds]
        self.fields["kind"].choices = [*known, (OTHER_KIND, _t("Jenis lain, tidak ada dalam daftar"))]


class ItemForm(forms.Form):
    """One instrument. Quantities are kept as typed, beside what was understood."""

    name = _text(_("Nama alat"), 150, help_text=_("Seperti yang akan tertulis pada laporan."))
    make = _text(_("Merek"), 100)
    type = _text(_("Tipe atau model"), 100)
    serial_number = _text(_("Nomor seri"), 100, help_text=_("Tulis tanda strip (-) bila alat tidak bernomor seri."))
    size_text = _text(_("Ukuran"), 40)
    size_unit = _text(_("Satuan ukuran"), 20)
    range_lower_text = _text(_("Rentang ukur, dari"), 40, required=False)
    range_upper_text = _text(_("Rentang ukur, sampai"), 40, required=False)
    range_unit = _text(_("Satuan rentang ukur"), 20, required=False)
    points = _long(
        _("Titik ukur yang diminta"),
        1_000,
        required=False,
        help_text=_("Misalnya: 0, 25, 50, 75, 100 °C. Kosongkan bila mengikuti metode laboratorium."),
    )
    remark = _text(_("Keterangan alat"), 250, required=False)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind.measure:
            self.fields["size_text"].label = kind.measure
            self.fields["size_text"].help_text = _t("Menentukan tarif. Contoh: 2.500 atau 10,5.")
            self.fields["size_unit"].label = _t("Satuan %(measure)s") % {"measure": kind.measure.lower()}
            self.fields["size_unit"].initial = kind.unit
        else:
            del self.fields["size_text"], self.fields["size_unit"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        values = {
            name: self._number(data, name)
            for name in ("size_text", "range_lower_text", "range_upper_text")
            if data.get(name)
        }
        lower, upper = values.get("range_lower_text"), values.get("range_upper_text")
        if lower is not None and upper is not None and lower > upper:
            self.add_error("range_upper_text", _t("Ujung rentang harus sama atau lebih besar daripada awalnya."))
        if (lower is not None or upper is not None) and not data.get("range_unit") and "range_unit" not in self.errors:
            self.add_error("range_unit", _t("Tuliskan satuan rentang ukur."))
        if data.get("size_text") and data.get("size_unit") and not self.errors.get("size_unit"):
            self._check_unit(data["size_unit"])
        data |= {"size": values.get("size_text"), "range_lower": lower, "range_upper": upper}
        return data

    def _number(self, data: dict[str, Any], name: str) -> Any:
        value = rules.parse_number(data[name])
        if value is None:
            self.add_error(name, _t("Tulis angka saja, misalnya 2.500 atau 10,5."))
        return value

    def _check_unit(self, unit: str) -> None:
        if self.kind.unit and rules.converted(rules.Decimal(1), unit, self.kind.unit) is None:
            self.add_error("size_unit", _t("Satuan ini tidak sesuai. Gunakan %(unit)s.") % {"unit": self.kind.unit})

    @property
    def values(self) -> dict[str, Any]:
        """What is stored of the instrument."""
        fixed = {"kind": self.kind.key, "kind_name": self.kind.name, "measure": self.kind.measure}
        plain = {"size_text": "", "size_unit": ""}
        return {**plain, **self.cleaned_data, **fixed}

    @classmethod
    def initial_of(cls, item: OrderItem) -> dict[str, Any]:
        return {name: getattr(item, name) for name in cls.base_fields}


# Steps of customers ---------------------------------------------------------------------------------------------------


class ConfirmForm(forms.Form):
    """The declaration before an order is sent."""

    declared = forms.BooleanField(
        label=_("Saya menyatakan data pesanan ini benar"),
        error_messages={"required": _("Beri tanda bila data sudah benar.")},
    )


class ProofForm(forms.Form):
    proof = forms.FileField(
        label=_("Bukti pembayaran"),
        allow_empty_file=True,  # refused with the words of every upload
        max_length=2_000,  # the name is made short and safe
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class SurveyForm(forms.Form):
    """Nine elements; all of them or, where the gate allows it, none."""

    comment = _long(_("Saran atau keluhan"), 2_000, required=False)

    def __init__(self, *args: Any, required: bool, asked: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = {
            question.code: forms.ChoiceField(
                label=question.label,
                choices=[(str(value), question.answers[value - 1]) for value in (4, 3, 2, 1)],
                widget=forms.RadioSelect,
                required=required,
            )
            for question in asked
        }
        self.fields = {**questions, **self.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [code for code in rules.ELEMENTS if data.get(code)]
        if given and not self.errors:
            for code in rules.ELEMENTS:
                if code not in given:
                    self.add_error(code, _t("Isi semua unsur, atau lewati seluruh survei."))
        return data


class MessageForm(forms.Form):
    text = _long(_("Pesan Anda"), 4_000)


class ReasonForm(forms.Form):
    reason = _long(_("Alasan"), 2_000)


# Steps of staff -------------------------------------------------------------------------------------------------------


class TariffForm(forms.Form):
    """For every instrument a line of the tariff, or none; a reason where it is not the line that matches."""

    def __init__(self, *args: Any, order: Order, on: date, checked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: list[dict[str, Any]] = []
        lines = queries.lines_in_force(order.institution_id, on)
        for item in queries.items_of(order):
            fits = queries.matched(item, lines, on)
            self._add(item, fits, lines, checked=checked)
        self.add_basis()

    def _add(self, item: OrderItem, fits: Any, lines: list[TariffLine], *, checked: bool) -> None:
        line, reason = f"line_{item.pk}", f"reason_{item.pk}"
        found = not isinstance(fits, rules.NoLine)
        self.fields[line] = forms.ChoiceField(
            label=_t("Tarif alat %(line)s") % {"line": item.line}, choices=_line_choices(item, lines), required=False
        )
        self.fields[reason] = forms.CharField(
            label=_t("Alasan untuk alat %(line)s") % {"line": item.line}, max_length=500, required=False
        )
        self.fields[line].initial = str(fits.pk) if found else ""
        if item.quoted_choice:
            self.fields[line].initial, self.fields[reason].initial = item.quoted_choice, item.tariff_override
        self.rows.append(
            {"item": item, "fits": fits if found else None, "no_line": None if found else fits, "names": (line, reason)}
        )

    def add_basis(self) -> None:
        """Where nothing may be charged at all, its legal basis."""
        self.fields["zero_basis"] = forms.CharField(
            label=_t("Dasar pembebasan biaya"),
            max_length=500,
            required=False,
            help_text=_t("Hanya bila seluruh pesanan Rp 0: sebutkan peraturan dan keputusannya."),
        )

    def bound_rows(self) -> list[dict[str, Any]]:
        """The rows with their bound fields, for the template."""
        return [{**row, "line": self[row["names"][0]], "reason": self[row["names"][1]]} for row in self.rows]


def _line_choices(item: OrderItem, lines: list[TariffLine]) -> list[Any]:
    """The lines of the kind of an instrument first, then all others by group."""
    own = [(str(line.pk), _line_label(line)) for line in lines if line.kind == item.kind]
    others: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        if line.kind and line.kind != item.kind:
            others.setdefault(line.kind_name, []).append((str(line.pk), _line_label(line)))
    return [("", _t("Pilih tarif")), *own, ("none", _t("Tanpa tarif (Rp 0), dengan alasan")), *others.items()]


def _line_label(line: TariffLine) -> str:
    return f"{line.description}: {formats.rupiah(line.amount)}"


class BillForm(forms.Form):
    """The treasurer types the code that SIMPONI gave, or lets the gateway make one."""

    provider = forms.ChoiceField(
        label=_("Cara menerbitkan"),
        widget=forms.RadioSelect,
        choices=[
            ("manual", _("Ketik kode dari SIMPONI")),
            ("local", _("Buat kode lewat gerbang pembayaran lokal")),
            ("retribusi", _("Ketik nomor SKRD retribusi daerah")),
        ],
    )
    code = _text(
        _("Kode billing"),
        40,
        required=False,
        help_text=_("15 angka, spasi boleh ditulis; untuk retribusi daerah: nomor SKRD."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    expires_at = forms.DateTimeField(label=_("Kedaluwarsa"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        provider = data.get("provider")
        if provider not in ("manual", "retribusi"):
            return data
        if "code" not in self.errors and provider == "manual" and rules.billing_code(data.get("code", "")) is None:
            self.add_error("code", _t("Kode billing terdiri atas tepat 15 angka."))
        if "code" not in self.errors and provider == "retribusi" and rules.levy_number(data.get("code", "")) is None:
            self.add_error("code", _t("Isi nomor SKRD seperti tercetak."))
        if "expires_at" not in self.errors and data.get("expires_at") is None:
            self.add_error("expires_at", _t("Isi waktu kedaluwarsa seperti pada billing."))
        return data


class PaymentForm(forms.Form):
    """What the proof says; needed only to confirm the payment."""

    ntpn = _text(
        "NTPN",
        40,
        required=False,
        help_text=_("16 huruf besar dan angka, ada pada Bukti Penerimaan Negara."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paid_at = forms.DateTimeField(label=_("Waktu pembayaran"), required=False)
    channel = _text(_("Bank atau kanal pembayaran"), 80, required=False)

    def __init__(self, *args: Any, answer: str = "", provider: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer, self.provider = answer, provider
        if provider == billing.RegionalLevy.key:
            self.fields["ntpn"].label = _t("Nomor kuitansi")
            self.fields["ntpn"].help_text = _t("Seperti tercetak pada kuitansi retribusi.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.answer != "ya":
            return data
        if "ntpn" not in self.errors and billing.reference(self.provider, data.get("ntpn", "")) is None:
            self.add_error("ntpn", billing.reference_words(self.provider))
        if "paid_at" not in self.errors and data.get("paid_at") is None:
            self.add_error("paid_at", _t("Isi tanggal dan jam pembayaran menurut bukti."))
        return data
