"""Who may do what: one row for each address of the project. Whoever a row does not name is refused.

``get`` and ``post`` are the roles that get an answer of their own; ``at`` is the object that is asked for: its kind and
the step at which the customer's case waits; ``typed`` is what is posted. A post by a role that the row allows must
change a row of some table, unless the role is among the ``idle``: it is answered, and nothing changes but the session.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from sopan.catalogue.appraisals import questions
from sopan.catalogue.editing import sha256
from sopan.domains.orders import queries
from sopan.domains.orders.rules import ELEMENTS

from . import laboratory, service
from .building import WRITTEN, picture
from .row import (
    ADMIN,
    ADMINS,
    ALL,
    ANALYSTS,
    BOUND,
    CS,
    CUSTOMERS,
    DRAFTER,
    HEAD,
    HEADS,
    IN,
    MINE,
    MT,
    NOBODY,
    OUT,
    STAFF,
    SUPERVISOR,
    WITH_FACTOR,
    Row,
    roles,
)
from .world import CLOSED_DAY, World

SERVICE = {"slug": "sippt-kalibrasi"}
FIRST = {**SERVICE, "version": 1}
BOUND_ABROAD = roles("abroad_admin abroad_cs")  # they take part in the procedure of that name in their own body
SEEN = sha256(WRITTEN)
DESCRIBED = sha256({"what": "Waktu", "why": "Audit", "day": ""})


def step(no: str, **more: str) -> dict[str, str]:
    return {"answer": "ya", "form_key": f"kunci-{no}-000", **more}


REASON = {"reason": "Tidak bekerja lagi di sini"}
ORDERED = {"contact_name": "Rina", "contact_phone": "0812-0000-0011", "contact_email": "rina@pangan-musi.example"}
COPY = {"file": picture("salinan.png")}
STAFF_NEW = {"email": "orang.baru@bspji-palembang.example", "name": "Orang Baru"}
MEMBER = {"email": "rekan.baru@pangan-musi.example", "name": "Rekan Baru", "phone": "0812-0000-0077"}
REGISTERED = {
    "company_name": "PT Baru", "npwp": "0000000000000123", "address": "Jalan Baru 1", "city": "Palembang",
    "name": "Budi Baru", "email": "budi@baru.example", "phone": "0812-0000-0001",
    "password": "kata-sandi-panjang-1", "repeated": "kata-sandi-panjang-1", "form_key": "kunci-daftar-1",
}  # fmt: skip


def appointed(world: World) -> dict[str, Any]:
    body = world.home
    return {
        "person": world.people["unbound"].pk,
        "position": body.positions.get(code="cs").pk,
        "kind": "plh",
        "first": "2026-12-01",
        "last": "2026-12-05",
        "letter": "PRIN-9",
    }


def document(world: World) -> dict[str, Any]:
    text = "Nama SOP\t: Izin\nNo\tKegiatan\tPetugas\tKelengkapan\tWaktu\tOutput\n1\tMencatat\t■\tBuku\t5 menit\tNomor\n"
    return {"files": SimpleUploadedFile("izin.txt", text.encode())}


def handed(world: World) -> dict[str, Any]:
    return {"to": world.people["cs"].pk}


def appraised(world: World) -> dict[str, Any]:
    asked = questions(world.home).of("evaluation")
    return {"conclusion": "Tetap dipakai", **{one.id: "ya" for one in asked}}


def track(world: World) -> dict[str, Any]:
    case = world.cases["owner", "9"]
    return {"number": case.number, "code": queries.tracking_code(case)}


TABLE: dict[str, Row] = {
    # Everybody -------------------------------------------------------------------------------------------------------
    "home": Row(ALL),
    "health": Row(ALL),
    "orders:services": Row(ALL),
    "orders:register": Row(ALL, OUT, typed=REGISTERED),
    "orders:registered": Row(ALL),
    "orders:track_form": Row(ALL, ALL, typed=track, idle=ALL),
    "orders:track": Row(ALL, at="tracking 9"),
    "verify-check": Row(ALL, ALL, typed=COPY, idle=ALL),
    "verify": Row(ALL, ALL, at="token 22", typed=COPY, idle=ALL),
    "choose_language": Row(NOBODY, ALL, typed={"language": "en"}, idle=OUT),
    # For a machine that signs what it reports: whoever does not is told that it is malformed.
    "orders:gateway_payment": Row(NOBODY, ALL, idle=ALL, answers=(400,)),
    # Outside of a demo there are no such pages.
    "demo_login": Row(values={"user_id": 1}),
    "orders:pay_local": Row(at="case 9"),
    # Logging in and out, by allauth ------------------------------------------------------------------------------------
    "account_login": Row(ALL, OUT, typed={"login": "rina.wulandari@pangan-musi.example", "password": "salah-sekali"}),
    "account_logout": Row(ALL, ALL, idle=ALL),
    "account_inactive": Row(ALL),
    "account_signup": Row(ALL, ALL, typed={"email": "x@y.example", "password1": "sandi-panjang-1"}, idle=ALL),
    "account_reauthenticate": Row(IN, IN, typed={"password": "salah-sekali"}),
    "account_email": Row(),
    "akun/email/": Row(),
    "account_email_verification_sent": Row(),
    "^akun/confirm-email/.*$": Row(),
    "account_confirm_email": Row(values={"key": "kunci"}),
    "account_confirm_login_code": Row(ALL, ALL, idle=ALL),
    "account_change_password": Row(
        IN,
        IN,
        typed={
            "oldpassword": "sopan-demo-2026",
            "password1": "sandi-baru-panjang-7",
            "password2": "sandi-baru-panjang-7",
        },
    ),
    "account_set_password": Row(IN, IN, idle=ALL),
    "account_reset_password": Row(ALL, ALL, typed={"email": "siapa@tahu.example"}, idle=ALL),
    "account_reset_password_done": Row(ALL),
    "account_reset_password_from_key": Row(ALL, ALL, values={"uidb36": "1", "key": "palsu"}, idle=ALL),
    "account_reset_password_from_key_done": Row(ALL),
    "mfa_index": Row(IN),
    "mfa_authenticate": Row(ALL, ALL, idle=ALL),
    "mfa_reauthenticate": Row(IN, IN, idle=ALL),
    "mfa_activate_totp": Row(IN, IN, idle=ALL),
    "mfa_deactivate_totp": Row(WITH_FACTOR, WITH_FACTOR, idle=ALL),
    "mfa_view_recovery_codes": Row(),
    "mfa_generate_recovery_codes": Row(IN, IN, idle=ALL),
    "mfa_download_recovery_codes": Row(),
    # A person's own things ---------------------------------------------------------------------------------------------
    "profile": Row(IN, IN, typed={"name": "Nama Lain", "phone": "0812-9", "language": "id", "keyboard": "on"}),
    "switch_keyboard": Row(NOBODY, IN),
    "keep_session": Row(NOBODY, IN, idle=ALL),
    "company": Row(CUSTOMERS, roles("owner rival abroad_customer"), typed=MEMBER),
    "company_remove": Row(NOBODY, roles("owner"), at="member 4"),
    # Who manages accounts ------------------------------------------------------------------------------------------------
    "accounts": Row(ADMINS),
    "staff_new": Row(ADMINS, ADMINS, typed=STAFF_NEW),
    "account": Row(ADMIN, at="account 4"),
    "account_deactivate": Row(NOBODY, ADMIN, at="account 4", typed=REASON),
    "account_reactivate": Row(NOBODY, ADMIN, at="inactive 4"),
    "account_reset_factor": Row(NOBODY, ADMIN, at="account 4"),
    "appointments": Row(ADMINS),
    "appointment_new": Row(ADMINS, ADMINS, typed=appointed, idle=roles("abroad_admin")),
    "appointment_end": Row(ADMIN, ADMIN, at="appointment 4"),
    "people_events": Row(ADMINS),
    "calendar": Row(STAFF, ADMINS, typed={"date": "2026-12-28", "kind": "closed", "name": "Cuti", "source": "SE-1"}),
    "calendar_forget": Row(NOBODY, ADMINS, values={"day": CLOSED_DAY.isoformat()}),
    "settings": Row(ADMINS),
    "setting": Row(
        ADMINS, ADMINS, typed={"value": "9", "source": "SE-2", "verified": "on"}, values={"key": "auto_close_days"}
    ),
    "effects": Row(ADMINS),
    "effect_again": Row(NOBODY, ADMIN, at="effect 5"),
    # The staff's lists ---------------------------------------------------------------------------------------------------
    "inbox": Row(STAFF),
    "inbox_export": Row(STAFF),
    "view_save": Row(NOBODY, STAFF, typed={"name": "Tampilan", "query": "batas=terlambat"}),
    "view_delete": Row(NOBODY, CS, at="view 4"),
    "cases": Row(STAFF),
    "search": Row(STAFF, query="q=ORD"),
    "bulk": Row(STAFF, STAFF, typed={}, idle=ALL),
    # Starting a case; what runs by plain steps; who stands behind actors, and how cases begin -------------------------------
    "start_list": Row(IN),
    "start": Row(
        CUSTOMERS,
        CUSTOMERS,
        values={"slug": "sertifikasi"},
        typed={"title": "Sertifikasi baru", "form_key": "kunci-mulai-0001"},
    ),
    "applications": Row(CUSTOMERS),
    # Orders have pages of their own: as an application none exists.
    "application": Row(at="case 9"),
    "application_act": Row(values={"case_id": 1, "task_id": 1}),
    "application_message": Row(at="case 9"),
    "application_withdraw": Row(at="case 9"),
    "sop_bindings": Row(STAFF, DRAFTER, values=SERVICE, idle=DRAFTER),
    "sop_starts": Row(STAFF, DRAFTER, values=SERVICE, typed={"by": "calendar", "every": "month", "day": "3"}),
    "sop_start_rule": Row(values={**SERVICE, "rule_id": 2**40}),
    "sop_heat": Row(BOUND | DRAFTER | roles("abroad_admin abroad_cs"), values=SERVICE),
    "sop_heat_export": Row(BOUND | DRAFTER | roles("abroad_admin abroad_cs"), values=SERVICE),
    # The catalogue: who reads it, writes it, judges it, puts it into force --------------------------------------------------
    "sop_list": Row(STAFF, query="cari=kalibrasi"),
    "sop_export": Row(STAFF),
    "sop_contradictions": Row(STAFF),
    "sop": Row(STAFF, values=SERVICE),
    "sop_version": Row(STAFF, values=FIRST),
    "sop_compare": Row(STAFF, values=SERVICE),
    "sop_pdf": Row(STAFF, values=FIRST),
    "sop_file": Row(STAFF, values={**FIRST, "ending": "json"}),
    "sop_read": Row(NOBODY, BOUND | BOUND_ABROAD, values=FIRST),
    "sop_request": Row(
        BOUND | DRAFTER | BOUND_ABROAD,
        BOUND | DRAFTER | BOUND_ABROAD,
        values=SERVICE,
        typed={"what": "Waktu langkah 5", "why": "Terlalu singkat"},
    ),
    "request_answer": Row(DRAFTER, DRAFTER, at="request 5", typed={"decline": "1", "answer": "Sudah cukup"}),
    "sop_withdraw": Row(HEADS, HEADS, values=SERVICE, typed={"reason": "Usang"}),
    "sop_take_back": Row(
        NOBODY, HEADS, values=FIRST, typed={"reason": "Belum siap"}, idle=HEADS
    ),  # none waits for its day
    "sop_move": Row(DRAFTER | HEADS, DRAFTER | HEADS, values=SERVICE, idle=ALL),  # there is one version alone
    "revisions": Row(STAFF),
    "revision_new": Row(DRAFTER, DRAFTER, typed={"name": "Pengelolaan gudang bahan"}),
    "revision_open": Row(NOBODY, DRAFTER, values={"slug": "sertifikasi"}),
    "revision": Row(BOUND | DRAFTER, at="draft 5"),
    "revision_compare": Row(BOUND | DRAFTER, at="draft 5"),
    "revision_describe": Row(
        NOBODY, DRAFTER, at="draft 5", typed={"what": "Waktu langkah 5", "why": "Audit", "seen": DESCRIBED}
    ),
    "revision_judge": Row(NOBODY, MT, at="checking 5", typed={"state": "checking", "seen": SEEN}),
    "revision_return": Row(
        NOBODY, MT | DRAFTER, at="checking 5", typed={"state": "checking", "reason": "Perbaiki waktunya"}
    ),
    "revision_edit": Row(DRAFTER, DRAFTER, at="draft 5", typed={"edit": "1", "act": "tambah"}),
    # What the script of the editor asks, as JSON: a form is none, so nothing is saved.
    "revision_save": Row(NOBODY, DRAFTER, at="draft 5", idle=DRAFTER),
    "revision_undo": Row(NOBODY, DRAFTER, at="draft 5", idle=DRAFTER),
    "revision_redo": Row(NOBODY, DRAFTER, at="draft 5", idle=DRAFTER),
    "revision_inspect": Row(NOBODY, DRAFTER, at="draft 5", idle=DRAFTER),
    "revision_try": Row(NOBODY, DRAFTER, at="draft 5", idle=DRAFTER),
    "sop_import": Row(DRAFTER, DRAFTER, typed=document),
    "sop_import_choose": Row(NOBODY, DRAFTER, idle=DRAFTER),
    "revision_drop": Row(NOBODY, DRAFTER | HEADS, at="draft 5", typed={"drop_reason": "Tidak perlu"}),
    "appraisals": Row(STAFF),
    "appraisals_export": Row(STAFF),
    "appraisal": Row(
        DRAFTER | MT | HEADS,
        DRAFTER | MT | HEADS,
        values={**FIRST, "kind": "evaluation", "period": "2026"},
        typed=appraised,
    ),
    "sop_book": Row(STAFF, STAFF, typed={"unit": "", "paper": "a4", "form_key": "kunci-buku-00001"}),
    "sop_book_job": Row(values={"book_id": 2**40}),
    "sop_book_again": Row(values={"book_id": 2**40}),
    "sop_book_download": Row(values={"book_id": 2**40}),
    # A case and its tasks ------------------------------------------------------------------------------------------------
    "case": Row(BOUND, at="case 5"),
    "case_hold": Row(BOUND, CS, at="case 5", typed={"case_reason": "Menunggu dokumen"}),
    "case_resume": Row(BOUND, CS, at="case 5", idle=ALL),
    "case_cancel": Row(CS, CS, at="case 5", typed={"case_reason": "Salah kirim"}),
    "case_unblind": Row(SUPERVISOR | MT, SUPERVISOR | MT, at="case 14", typed={"reason": "Keluhan pelanggan"}),
    "unblindings": Row(roles("unbound")),  # she looks after the management system
    "case_comment": Row(BOUND, BOUND, at="case 5", typed={"text": "Mohon dicek"}),
    "case_attach": Row(BOUND, BOUND, at="case 5", typed=lambda _world: {"file": picture("lampiran.png")}),
    "attachment": Row(BOUND, at="attachment 5"),
    "task": Row(BOUND, at="task 5"),
    "task_complete": Row(BOUND, CS, at="task 5", typed=step("5")),
    "task_draft": Row(NOBODY, CS, at="task 5", typed={"reason": "Sedang ditulis"}),
    "task_files": Row(BOUND, CS, at="task 5", typed={"reason": "Sedang ditulis"}),
    "task_take": Row(BOUND, CS, at="task 5"),
    "task_give_back": Row(BOUND, CS, at="task 5", idle=ALL),
    "task_hand_over": Row(BOUND, CS, at="task 5", typed=handed),
    "task_send_back": Row(BOUND, CS, at="task 5", typed={"to_step": "4", "back_reason": "Kurang lengkap"}),
    # Documents -----------------------------------------------------------------------------------------------------------
    "document-download": Row((BOUND - ANALYSTS) | MINE, at="document 22"),
    "signing-keys": Row(HEADS, HEADS, idle=HEADS, answers=(422,)),  # an empty form: errors at its fields
    "signing": Row(HEADS, HEADS, idle=HEADS, answers=(422,)),
    "signing-read": Row(NOBODY, HEAD, at="document 19"),
    "signing-file": Row(HEAD, at="document 19"),
    "signing-batch": Row(HEAD, at="batch 19"),
    "ink": Row(CS, CS, at="document 19", idle=CS),
    "ink-print": Row(CS | HEAD, at="document 19"),
    "ink-scan": Row(CS | HEAD, at="scan 19"),
    "ink-confirm": Row(HEAD, HEAD, at="document 19", typed={"reason": "Halaman 2 hilang"}),
    "document-read": Row((BOUND - ANALYSTS) | MINE, at="document 22"),
    # The customer's orders -----------------------------------------------------------------------------------------------
    "orders:mine": Row(CUSTOMERS),
    "orders:new": Row(NOBODY, CUSTOMERS, typed={"form_key": "kunci-pesanan-1"}),
    "orders:order": Row(MINE, MINE, at="case 9", idle=ALL),
    "orders:form": Row(MINE, MINE, at="case 4", idle=ALL),
    "orders:contact": Row(MINE, MINE, at="case 4", typed=ORDERED),
    "orders:wishes": Row(MINE, MINE, at="case 4", typed={"language": "en", "decision_rule": "none", "note": "Segera"}),
    "orders:draft": Row(NOBODY, MINE, at="case 4", typed={"contact_name": "Rin"}, query="page=contact"),
    "orders:items": Row(MINE, MINE, at="case 4", idle=ALL),
    "orders:item_new": Row(MINE, MINE, at="case 4", typed={"kind": "oven"}, idle=ALL),
    "orders:item": Row(MINE, MINE, at="item 4", typed={"name": "Neraca", "draft": "1"}),
    "orders:item_kind": Row(MINE, MINE, at="item 4", typed={"kind": "oven"}, idle=ALL),
    "orders:item_copy": Row(MINE, MINE, at="item 4"),
    "orders:item_remove": Row(MINE, MINE, at="item 4"),
    "orders:check": Row(MINE, MINE, at="case 4", typed={"declared": "on", "form_key": "kunci-periksa"}),
    "orders:sent": Row(MINE, MINE, at="case 5", idle=ALL),
    "orders:offer": Row(MINE, MINE, at="case 7", typed=step("7")),
    "orders:bill": Row(MINE, MINE, at="case 9", typed=lambda _world: {"proof": picture("bukti.png"), **step("9")}),
    "orders:survey": Row(
        MINE,
        MINE,
        at="case 21",
        typed=lambda _world: {**dict.fromkeys(ELEMENTS, "4"), "comment": "Baik", "form_key": "kunci-survei"},
    ),
    "orders:close": Row(MINE, MINE, at="case 22", typed={"form_key": "kunci-selesai"}),
    "orders:message": Row(MINE, MINE, at="case 9", typed={"text": "Kapan selesai?"}),
    "orders:withdraw": Row(MINE, MINE, at="case 7", typed={"reason": "Tidak jadi"}),
}

TABLE |= laboratory.ROWS | service.ROWS
