"""Asking for a book, and the worker's part: it lays the SOPs out one by one and tells how far it is."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from pypdf import PdfReader

from sopan.core.flow import Refusal
from sopan.engine import effects
from sopan.engine.models import Effect
from sopan.engine.stepwork import handles
from sopan.people.models import Institution, Unit, User
from sopan.web.book.making import contents, make
from sopan.web.models import SopBook

EFFECT = "web.book"
WAITING = 2  # unfinished books of a person at once
GIVEN_UP = timedelta(hours=3)  # the worker tries for less: what is still unfinished then does not keep anybody waiting
KEPT = 10  # books an institution
RENEWED = timedelta(seconds=20)  # how often the worker tells that it is alive


def ask(
    institution: Institution, *, unit: Unit | None, paper: str, by: User, form_key: str, now: datetime
) -> SopBook | Refusal:
    """Ask for a book. The same ``form_key`` again gives the same one. Side effects: a row, an effect for the worker."""
    key = hashlib.sha256(f"{by.pk} {form_key}".encode()).hexdigest()
    before = SopBook.objects.filter(asked_key=key).first()
    if before is not None:
        return before
    unfinished = SopBook.objects.filter(asked_by=by, finished_at__isnull=True, error="", asked_at__gt=now - GIVEN_UP)
    open_now = [book for book in unfinished if not given_up(book)]
    if len(open_now) >= WAITING:
        return Refusal("busy", _("Buku yang Anda minta sebelumnya masih dibuat. Tunggu sampai selesai."))
    lines = contents(institution, unit=unit, now=now)
    total = sum(line.version is not None for line in lines)
    if not total:
        return Refusal("empty", _("Belum ada SOP yang berlaku untuk dicetak."))
    try:
        with transaction.atomic():
            book = SopBook.objects.create(
                institution=institution, unit=unit, paper=paper, asked_by=by, asked_at=now, asked_key=key, total=total
            )
            data = {"book": book.pk, "language": by.language}
            Effect.objects.create(institution=institution, key=EFFECT, data=data, created_at=now, run_after=now)
    except IntegrityError:
        return SopBook.objects.get(asked_key=key)  # two presses at once
    return book


def _work(book: SopBook) -> QuerySet[Effect]:
    """What the worker has to do for a book."""
    return Effect.objects.filter(institution_id=book.institution_id, key=EFFECT, data__book=book.pk)


def given_up(book: SopBook) -> bool:
    """Whether the worker has tried as often as it does, and makes the book no more unless it is asked again."""
    return book.finished_at is None and _work(book).filter(status=Effect.Status.FAILED).exists()


def try_again(book: SopBook, *, now: datetime) -> bool:
    """Let the worker try a book again that it has given up; False if it has not. Side effects: effect, progress."""
    failed = _work(book).filter(status=Effect.Status.FAILED).values_list("pk", flat=True)
    with transaction.atomic():
        again = [effects.try_again(effect, now=now) for effect in failed]
        if any(again):
            SopBook.objects.filter(pk=book.pk, finished_at__isnull=True).update(done=0)
    return any(again)


@handles(EFFECT)
def print_book(effect: Effect) -> None:
    """Make the file of a book. Repeatable: the file is written once, at the end."""
    book = SopBook.objects.select_related("institution", "unit").get(pk=effect.data["book"])
    told_at = timezone.now()

    def tell(done: int) -> None:
        nonlocal told_at
        SopBook.objects.filter(pk=book.pk).update(done=done)
        if timezone.now() - told_at > RENEWED:
            told_at = timezone.now()
            effects.renew(effect, now=told_at)

    with override(effect.data.get("language", "id")):
        lines = contents(book.institution, unit=book.unit, now=book.asked_at)
        made = make(book.institution, lines, unit=book.unit, paper=book.paper, now=book.asked_at, tell=tell)
    effects.renew(effect, now=timezone.now())
    with effects.finishing(effect):
        if isinstance(made, Refusal):
            book.error = made.message
        else:
            book.pages = len(PdfReader(io.BytesIO(made)).pages)
            book.done = book.total
            book.file.save("book.pdf", ContentFile(made), save=False)
        book.finished_at = timezone.now()
        book.save()
    _forget_old(book.institution)


def _forget_old(institution: Institution) -> None:
    """Keep the newest books: an older one can be printed again."""
    rows = SopBook.objects.filter(institution=institution, finished_at__isnull=False).order_by("-asked_at", "-pk")
    for book in rows[KEPT:]:
        book.delete()
        if book.file:
            book.file.delete(save=False)
