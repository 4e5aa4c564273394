"""Every figure by its code, and the rows it opens to: measures, steps of the co-financing, gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import ActivityState
from samverk.activities.models import Session
from samverk.kit.measuring import Measure, Question
from samverk.ledger.measures import approved_by_entry, is_attested, person_months
from samverk.ledger.models import DecisionRefusal
from samverk.reporting import rules
from samverk.reporting.measures import MEASURES
from samverk.reporting.queries.gaps import GAP_KINDS
from samverk.reporting.queries.shapes import SHAPES, Shape


@dataclass(frozen=True)
class Opening:
    """A figure's name, how it is counted, the query of its rows, and how one row is shown."""

    code: str
    name: Promise
    counted: Promise
    shape: Shape
    rows: QuerySet
    measure: Measure | None = None


def opening_of(code: str, question: Question, now: datetime) -> Opening | None:
    """The rows behind a figure, or None where there is no figure of that code."""
    if code in MEASURES:
        measure = MEASURES[code].fit_for(question.filters)
        shape = SHAPES[measure.shape]
        return Opening(code, measure.name, measure.counted, shape, measure.evidence(question), measure)
    if code in GAP_KINDS:
        gap = GAP_KINDS[code]
        return Opening(code, gap.name, gap.to_do, SHAPES[gap.shape], gap.rows(question, now))
    if code in STEPS:
        name, counted, shape, rows = STEPS[code]  # type: ignore[assignment]
        return Opening(code, name, counted, SHAPES[shape], rows(question, now))  # type: ignore[index]
    return None


def dimensions_of(code: str) -> tuple[str, ...]:
    """By what the rows of a figure can be narrowed."""
    return MEASURES[code].dimensions if code in MEASURES else ()


def _delivered(question: Question, now: datetime) -> QuerySet:
    """Ledger lines that count, or that only a signature or a stronger proof keeps from counting."""
    waiting = DecisionRefusal.objects.filter(
        entry=OuterRef("pk"),
        person_month__funding_line__programme=question.programme,
        reason__in=rules.CAN_BE_PUT_RIGHT,
    )
    total = waiting.order_by().values("entry").annotate(total=Sum("minutes")).values("total")
    entries = approved_by_entry(question).annotate(waits=Subquery(total))
    return entries.filter(Q(share_of_counted__gt=0) | Q(waits__gt=0))


def _attested(question: Question, now: datetime) -> QuerySet:
    return _delivered(question, now).filter(Q(share_of_counted__gt=0) | is_attested(question.programme))


def _planned(question: Question, now: datetime) -> QuerySet:
    return Session.objects.filter(
        activity__programme=question.programme,
        activity__state=ActivityState.PUBLISHED,
        state=Session.State.PLANNED,
        starts_at__gt=now,
    )


def _stale(question: Question, now: datetime) -> QuerySet:
    return person_months(question).filter(is_stale=True)


STEPS: dict[str, tuple[Promise, Promise, str, Callable[[Question, datetime], QuerySet]]] = {
    "delivered": (
        _("Delivered co-financing"),
        _("Ledger lines that count, and those that only lack a signature or a stronger proof."),
        "delivery",
        _delivered,
    ),
    "attested": (
        _("Attested co-financing"),
        _("Of the delivered lines, those signed by whoever must sign."),
        "delivery",
        _attested,
    ),
    "forecast": (
        _("Planned sessions in the forecast"),
        _(
            "People expected times the share that came in the last six months. Empty sessions count as the average."
        ),
        "open_session",
        _planned,
    ),
    "stale": (
        _("Decisions that wait to be judged"),
        _("Something changed since they were judged. The worker judges them again by itself."),
        "person_month",
        _stale,
    ),
}
