"""How allauth treats accounts here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up through allauth's own page: registration is a step of a procedure."""

    def is_open_for_signup(self, request: object) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """With the address of the settings: the host of a request is what the sender says it is."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def format_email_subject(self, subject: str) -> str:
        return subject.strip()
