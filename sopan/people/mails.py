"""Mails about accounts. Sent after the commit; a mail server that is down is told by False, not by an exception."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sopan.people.models import User

log = logging.getLogger(__name__)


def set_password_url(user: User) -> str:
    """A link, valid for ``PASSWORD_RESET_TIMEOUT`` and until the password changes, to set a password."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return get_adapter().get_reset_password_from_key_url(key)


def invite(user: User, *, by: User) -> bool:
    """Mail the link to set a first password to somebody whom ``by`` invited."""
    with translation.override(user.language):
        subject = _("Undangan akun %(body)s") % {"body": user.institution.short_name}
        return _send(user, subject, "people/mail/invitation.txt", by=by, url=set_password_url(user))


def tell_registered(email: str) -> bool:
    """Tell the owner of an address that somebody tried to register it again; nothing if nobody has it."""
    user = User.objects.filter(email__iexact=email.strip()).select_related("institution", "company").first()
    if user is None:
        return False
    with translation.override(user.language):
        return _send(
            user,
            _("Alamat surel Anda sudah terdaftar"),
            "people/mail/registered_already.txt",
            url=settings.SITE_URL + reverse("account_login"),
            reset_url=settings.SITE_URL + reverse("account_reset_password"),
        )


def _send(user: User, subject: str, template: str, **context: object) -> bool:
    body = render_to_string(template, {"person": user, "body": user.institution, **context})
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
    except (OSError, SMTPException):
        log.exception("mail to account %s was not sent", user.pk)
        return False
    return True
