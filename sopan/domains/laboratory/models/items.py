"""Laboratories, the instruments that come to them, and who had them when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sopan.domains.orders.models import Order, OrderItem
from sopan.engine.models import Attachment
from sopan.people.models import Institution, Position, Unit


class Laboratory(models.Model):
    """A laboratory of the body. Who leads and who measures follows from the appointments to its two positions."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="laboratories")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="laboratories")
    code = models.SlugField()
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=250, blank=True)  # printed as the place of the work
    penyelia = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    analis = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    # Who answers for methods, competence and equipment; None: nobody may change them.
    manager = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "code"], name="one_laboratory_a_code")]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """An instrument of an order as an object that comes, lies somewhere and goes back."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("Belum datang")
        RECEIVED = "received", _("Diterima")
        IN_LABORATORY = "in_laboratory", _("Di laboratorium")
        READY_TO_RETURN = "ready_to_return", _("Siap diambil")
        RETURNED = "returned", _("Sudah diambil")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="laboratory_items")
    order_item = models.OneToOneField(OrderItem, on_delete=models.PROTECT, related_name="laboratory_item")
    number = models.CharField(max_length=60, blank=True)  # "S-26-0001"; empty until it has come
    state = models.CharField(max_length=16, choices=State.choices, default=State.EXPECTED)
    condition = models.CharField(max_length=500, blank=True)
    accessories = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_item_that_came_has_a_number", condition=Q(state="expected", number="") | ~Q(number="")
            )
        ]

    def __str__(self) -> str:
        return self.number or str(self.order_item)

    @property
    def has_come(self) -> bool:
        return self.state != self.State.EXPECTED


class CustodyEvent(models.Model):
    """Who did what with an instrument, and when. Rows are added, never changed."""

    class What(models.TextChoices):
        RECEIVED = "received", _("Diterima dari pelanggan")
        TO_LABORATORY = "to_laboratory", _("Diserahkan ke laboratorium")
        CHECKED = "checked", _("Diperiksa oleh Penyelia")
        READY = "ready", _("Siap diambil pelanggan")
        RETURNED = "returned", _("Diserahkan kembali kepada pelanggan")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="custody")
    at = models.DateTimeField()
    who = models.CharField(max_length=220)  # name and position, copied
    what = models.CharField(max_length=16, choices=What.choices)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]
