"""Reads for the validity of results: the state of each chart, its points as they are drawn and told, open findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sopan.people.models import Institution
from sopan.ui import control_chart, formats
from sopan.ui.control_chart import Level, Mark
from sopan.ui.formats import written

from ..models import ChartLimits, ChartPoint, ControlChart, Finding, MethodVersion
from . import judging

DRAWN, LISTED = 60, 200  # the newest points; all are in the spreadsheet


@dataclass(frozen=True)
class Told:
    """A point with what is said of it: its distance z, the rules that saw it, and whether one of them rejects."""

    point: ChartPoint
    z: float | None
    warnings: tuple[str, ...]
    broken: tuple[str, ...]
    late: bool = False  # entered on a later day than it was measured

    @property
    def kind(self) -> str:
        if self.point.withdrawn_at is not None:
            return "gone"
        return "bad" if self.broken else "warn" if self.warnings else "good"

    @property
    def z_text(self) -> str:
        return "–" if self.z is None else written(f"{self.z:+.2f}")

    @property
    def title(self) -> str:
        """What the point says when it is pointed at: only what its place and shape do not tell."""
        if not self.late:
            return ""
        told = {"n": self.point.number, "day": formats.short_date(self.point.entered_at)}
        return _("Titik %(n)s: dicatat menyusul, %(day)s") % told

    @property
    def rules(self) -> str:
        return ", ".join((*self.broken, *self.warnings))


@dataclass(frozen=True)
class Shown:
    """A chart with its points in order, its limits and its findings."""

    chart: ControlChart
    points: Sequence[Told]
    limits: Sequence[ChartLimits]
    findings: Sequence[Finding] = field(default=())

    @property
    def newest(self) -> ChartLimits | None:
        return self.limits[0] if self.limits else None

    @property
    def open(self) -> int:
        return sum(one.state != Finding.State.CLOSED for one in self.findings)

    @property
    def last(self) -> Told | None:
        return next((one for one in reversed(self.points) if one.kind != "gone"), None)

    @property
    def any_late(self) -> bool:
        """Whether the picture shows a point that was entered on a later day."""
        return any(one.late for one in self.points[-DRAWN:])

    @property
    def latest(self) -> Sequence[Told]:
        """The newest first, as many as are shown."""
        return list(reversed(self.points))[:LISTED]

    @property
    def state(self) -> tuple[str, str]:
        """Tone and words of how the chart stands."""
        if self.chart.closed_at is not None:
            return "mute", _("Ditutup")
        if self.open:
            return "bad", _("Temuan belum ditutup")
        if self.newest is None:
            return "wait", _("Belum ada batas")
        if self.last is not None and self.last.kind == "warn":
            return "warn", _("Peringatan")
        return "ok", _("Terkendali")

    @cached_property
    def decimals(self) -> int:
        """Decimals of the finest point, and one more for computed numbers."""
        exponents = [_decimals(one.point.text) for one in self.points]
        return min(10, max(exponents, default=0) + 1)

    @property
    def svg(self) -> SafeString:
        zone = ZoneInfo(self.chart.institution.zone)
        levels = {one.pk: self._level(one) for one in self.limits}
        oldest = levels[self.limits[-1].pk] if self.limits else None
        marks = [
            Mark(
                float(one.point.value),
                formats.short_date(one.point.taken_at.astimezone(zone).date()).rsplit(" ", 1)[0],
                levels[one.point.limits_id] if one.point.limits_id else oldest,
                one.kind,
                one.title,
            )
            for one in self.points[-DRAWN:]
        ]
        return control_chart.draw(marks, newest=levels[self.newest.pk] if self.newest else None)

    def _level(self, one: ChartLimits) -> Level:
        kernel = judging.kernel(one)
        return Level(one.mean, one.s, {z: self.number(kernel.at(z)) for z in control_chart.NAMES})

    def number(self, value: float) -> str:
        """A computed number as people here read it."""
        return written(f"{value:.{self.decimals}f}")

    @property
    def versions(self) -> list[tuple[ChartLimits, str, str, str, str]]:
        """The limits with mean, s (two digits), and the ends of ±2 s and ±3 s."""
        found = []
        for one in self.limits:
            at = judging.kernel(one).at
            ends = [f"{self.number(at(-z))} … {self.number(at(z))}" for z in (2, 3)]
            found.append((one, self.number(one.mean), written(f"{Decimal(f'{one.s:.2g}'):f}"), *ends))
        return found  # type: ignore[return-value]


def _decimals(text: str) -> int:
    digits = text.replace(",", ".").rpartition(".")
    return sum(c.isdigit() for c in digits[2]) if digits[1] else 0


def shown(rows: QuerySet[ControlChart]) -> list[Shown]:
    """The charts with everything that is told of them: four queries, however many there are."""
    points = ChartPoint.objects.order_by("taken_at", "number")
    rows = rows.select_related("laboratory", "institution").prefetch_related(
        Prefetch("points", queryset=points), "limits"
    )
    charts = list(rows)
    findings: dict[int, list[Finding]] = {}
    for one in Finding.objects.filter(point__chart__in=charts).select_related("point__chart"):
        assert one.point is not None
        findings.setdefault(one.point.chart_id, []).append(one)
    return [_shown(chart, findings.get(chart.pk, [])) for chart in charts]


def _shown(chart: ControlChart, findings: Sequence[Finding]) -> Shown:
    points, limits = list(chart.points.all()), list(chart.limits.all())
    by_version = {one.pk: one for one in limits}
    day = chart.institution.date_at
    said: dict[int, dict[bool, list[str]]] = {}
    for version in limits:
        judged = [point for point in points if point.limits_id == version.pk]
        for one in judging.fired(chart.rules, version, judged):
            rules = said.setdefault(one.points[-1].pk, {}).setdefault(one.rejects, [])
            rules.append(one.rule)
    told = []
    for point in points:
        version = by_version.get(point.limits_id or 0)
        z = None if version is None else judging.kernel(version).z(float(point.value))
        rules = said.get(point.pk, {})
        late = day(point.entered_at) > day(point.taken_at)
        told.append(Told(point, z, tuple(rules.get(False, ())), tuple(rules.get(True, ())), late))
    return Shown(chart, told, limits, findings)


def charts(body: Institution) -> list[Shown]:
    """The charts of a body, what needs somebody first."""
    order = {"bad": 0, "warn": 1, "wait": 2, "ok": 3, "mute": 4}
    return sorted(
        shown(ControlChart.objects.filter(institution=body)), key=lambda one: (order[one.state[0]], one.chart.name)
    )


def open_findings(body: Institution) -> QuerySet[Finding]:
    """Findings that nobody has closed yet, the oldest first."""
    rows = Finding.objects.filter(institution=body).exclude(state=Finding.State.CLOSED)
    return rows.select_related("point__chart", "test", "repeat", "laboratory").order_by("opened_at", "pk")


def method_names(body: Institution) -> Mapping[str, str]:
    """Names of the methods of the body by their code, the newest name each."""
    rows = MethodVersion.objects.filter(institution=body).order_by("code", "version")
    return {version.code: version.name for version in rows}
