"""Who stands behind the actors of a procedure: positions, who holds them now, what is missing, what the names propose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sopan.catalogue.access import rights
from sopan.catalogue.models import ActorBinding, CatalogueEntry, ProcedureVersion
from sopan.catalogue.queries import bindings as queue_of
from sopan.catalogue.queries import in_force, procedure
from sopan.core.flow import Refusal
from sopan.core.matching import Proposal, propose
from sopan.core.model import ActorKind
from sopan.people.events import worded
from sopan.people.models import Appointment, Position
from sopan.people.queries import in_force as held_now
from sopan.ui.fields import row_id
from sopan.web.access import staff_only
from sopan.web.starting import operations
from sopan.web.starting.access import entry_of

EVENTS = 20


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor with its positions (and their holders), what is wrong, and what its name proposes."""

    binding: ActorBinding
    positions: list[tuple[Position, list[str]]]
    proposal: Proposal | None
    proposed: list[Position]
    steps: int  # of the version in force
    ticked: frozenset[int]
    added: int | None

    @property
    def unbound(self) -> bool:
        return self.binding.kind == ActorKind.STAFF and not self.positions

    @property
    def vacant(self) -> bool:
        return bool(self.positions) and not any(names for _position, names in self.positions)

    @property
    def shown(self) -> str:
        return ",".join(str(position.pk) for position, _names in self.positions)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def bindings(request: HttpRequest, slug: str) -> HttpResponse:
    """Drafters change them; the other staff read them."""
    now = timezone.now()
    entry = entry_of(request.user, slug)
    institution = request.user.institution
    rows = list(ActorBinding.objects.filter(institution=institution, slug=slug).prefetch_related("positions"))
    if not rows:
        raise Http404
    may_change = rights(request.user, now=now).of(slug).drafter is not None
    refusal: Refusal | None = None
    if request.method == "POST":
        if not may_change:
            raise Http404
        done = operations.set_bindings(institution, slug, chosen=_chosen(request, rows), by=request.user, now=now)
        if not isinstance(done, Refusal):
            told = ngettext("%(n)s pelaksana diubah.", "%(n)s pelaksana diubah.", done) % {"n": done}
            messages.success(request, told if done else _("Tidak ada yang berubah."))
            return redirect("sop_bindings", slug)
        refusal = done
    version = ProcedureVersion.objects.filter(in_force(now), institution=institution, slug=slug).first()
    actors = _actors(request, rows, entry, version, now)
    context = {
        "slug": slug,
        "name": entry.name if entry else version.name if version else slug,
        "number": entry.number if entry else version.number if version else "",
        "actors": actors,
        "unbound": [one for one in actors if one.unbound and one.steps],
        "positions": Position.objects.filter(institution=institution).order_by("name", "pk"),
        "may_change": may_change,
        "refusal": refusal,
        "events": _events(institution.people_events.filter(code="bound", data__slug=slug)),
    }
    return render(request, "starting/bindings.html", context, status=409 if refusal is not None else 200)


def _events(found: Iterable) -> list[tuple[object, str]]:
    return [(event, worded(event)) for event in found.order_by("-at", "-pk")[:EVENTS]]


def _chosen(request: HttpRequest, rows: Iterable[ActorBinding]) -> dict[int, tuple[set[int], set[int]]]:
    """What was shown and what is wanted, for the actors that the form had."""
    found = {}
    for row in rows:
        if f"shown_{row.pk}" in request.POST and row.kind != ActorKind.CUSTOMER:
            shown = _ids(request.POST.get(f"shown_{row.pk}", "").split(","))
            wanted = _ids([*request.POST.getlist(f"keep_{row.pk}"), *request.POST.getlist(f"add_{row.pk}")])
            found[row.pk] = shown, wanted
    return found


def _ids(texts: Iterable[str]) -> set[int]:
    return {key for key in map(row_id, texts) if key is not None}


def _actors(
    request: HttpRequest,
    rows: list[ActorBinding],
    entry: CatalogueEntry | None,
    version: ProcedureVersion | None,
    now: datetime,
) -> list[Actor]:
    """In the order of the columns of the version in force; what only older versions have stands last."""
    proc = procedure(version.pk) if version else None
    queues = queue_of(version.pk) if version else {}
    order = {queues[actor.id].binding_id: place for place, actor in enumerate(proc.actors)} if proc else {}
    used = [queues[actor].binding_id for step in proc.steps for actor in step.actors] if proc else []
    every = {
        one.code: one for one in Position.objects.filter(institution=request.user.institution).select_related("unit")
    }
    names = {code: one.name for code, one in every.items()}
    near = near_unit(every.values(), entry)
    held: dict[int, list[str]] = {}
    for one in Appointment.objects.filter(
        held_now(now), position__in=every.values(), person__is_active=True
    ).select_related("person", "position"):
        prefix = "" if one.kind == Appointment.Kind.DEFINITIVE else f"{one.get_kind_display()} "
        held.setdefault(one.position_id, []).append(prefix + one.person.full_name)
    found = []
    for row in sorted(rows, key=lambda row: (order.get(row.pk, 999), row.pk)):
        positions = [(position, held.get(position.pk, [])) for position in row.positions.all()]
        proposal = propose(row.name, names, near=near) if row.kind == ActorKind.STAFF and not positions else None
        proposed = [every[code] for code in proposal.positions] if proposal else []
        ticked, added = _typed(request, row)
        found.append(Actor(row, positions, proposal, proposed, used.count(row.pk), ticked, added))
    return found


def near_unit(positions: Iterable[Position], entry: CatalogueEntry | None) -> list[str]:
    """Positions of the unit of the procedure, and of the units that begin with the same word of their code."""
    if entry is None or entry.unit is None:
        return []
    first = entry.unit.code.split("-")[0]
    return [
        one.code
        for one in positions
        if one.unit and (one.unit_id == entry.unit_id or first in one.unit.code.split("-"))
    ]


def _typed(request: HttpRequest, row: ActorBinding) -> tuple[frozenset[int], int | None]:
    """What was chosen in a form that is shown again."""
    if request.method != "POST":
        return frozenset(position.pk for position in row.positions.all()), None
    kept = _ids(request.POST.getlist(f"keep_{row.pk}"))
    return frozenset(kept), next(iter(_ids(request.POST.getlist(f"add_{row.pk}"))), None)
