"""What the tests of the pages of customers ask, type and look for again and again."""

import re

from django.urls import reverse

INTERNAL = ["PELANGGAN", "ADMIN SATKER", "Validasi order", "Persetujuan tarif", "Ketua Tim", "uraian"]
REGISTRATION = {
    "company_name": "PT Baru Jaya", "npwp": "00.000.000.0-000.033", "address": "Jl. A 1", "city": "Palembang",
    "company_phone": "", "name": "Sari Melati", "email": "sari@baru-jaya.example", "phone": "0812-0000-0031",
    "password": "kata-sandi-baru-1", "repeated": "kata-sandi-baru-1", "form_key": "key-of-the-form",
}  # fmt: skip


def url(name, order, *more):
    return reverse(f"orders:{name}", args=[order.case_id, *more])


def errors(answer) -> str:
    found = re.search(r'<div class="summary".*?</div>', answer.content.decode(), re.S)
    return found.group() if found else ""
