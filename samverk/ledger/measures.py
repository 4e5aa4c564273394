"""What the ledger can prove: hours attested, and hours and money that count by the rules. Stored decisions only."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import DecimalField, Expression, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from samverk.kit.measuring import (
    BY_COMPONENT,
    BY_KIND,
    BY_SECTOR,
    HOURS,
    MINUTES,
    MONEY,
    JSONNumber,
    Measure,
    Question,
)
from samverk.ledger.models import DecisionLine, HourEntry, PersonMonth
from samverk.programmes.models import FundingLine, Programme

SHARE = DecimalField(max_digits=24, decimal_places=10)


def person_months(question: Question) -> QuerySet[PersonMonth]:
    """Stored decisions of the programme's funding lines for the whole months of the period, stale ones included."""
    months = question.months
    if months is None:
        return PersonMonth.objects.none()
    return PersonMonth.objects.filter(funding_line__programme=question.programme, month__range=months)


def approved(question: Question) -> QuerySet[DecisionLine]:
    """What counts: one line for each person, month, organisation and rate."""
    months = question.months
    if months is None:
        return DecisionLine.objects.none()
    return DecisionLine.objects.filter(
        person_month__funding_line__programme=question.programme, person_month__month__range=months
    )


def posted(question: Question) -> QuerySet[HourEntry]:
    """Live ledger lines of the programme for the whole months of the period."""
    months = question.months
    if months is None:
        return HourEntry.objects.none()
    return HourEntry.objects.filter(programme=question.programme, reversed_at=None, month__range=months)


def approved_by_entry(question: Question) -> QuerySet[HourEntry]:
    """The ledger lines that approved lines stand on, each with its share of their minutes, hours and money.

    A line of a decision mixes activities; its hours and money are shared out by the minutes of each.
    """
    months = question.months
    if months is None:
        return HourEntry.objects.none()
    lines = DecisionLine.objects.filter(
        person_month__person=OuterRef("person"),
        person_month__month=OuterRef("month"),
        person_month__funding_line__programme=question.programme,
    ).alias(counted=JSONNumber("entries", OuterRef("pk")))
    # An entry stands in two lines where its rate changed inside the month.
    lines = lines.filter(counted__gt=0).order_by().values("person_month__person")  # type: ignore[assignment]
    part_of = {
        name: Cast(F(name), FloatField()) * F("counted") / F("minutes") for name in ("hours", "amount")
    }
    shares = {"counted": Sum("counted"), **{name: Cast(Sum(part), SHARE) for name, part in part_of.items()}}
    return HourEntry.objects.filter(programme=question.programme, month__range=months).annotate(
        **{
            f"share_of_{name}": Subquery(lines.annotate(part=part).values("part"))
            for name, part in shares.items()
        }
    )


def is_attested(programme: Programme) -> Q:
    """Whether a ledger line is signed by whoever must: the person, and the employer where the programme's rules ask.

    Where no rule says anything, the person's signature is what attested means.
    """
    by_employer = _asked_of_employers(programme)
    signed = Q(confirmed_at__isnull=False)
    return signed & (~by_employer | Q(countersigned_at__isnull=False)) if by_employer else signed


def _asked_of_employers(programme: Programme) -> Q:
    """The months in which a rule set of the programme asks the employer too."""
    asked = Q()
    lines = FundingLine.objects.filter(programme=programme).prefetch_related("line_rules__rule_set")
    for dated in (rules for line in lines for rules in line.line_rules.all()):
        if dated.rule_set.document.get("attestation") == "person_and_employer":
            months = Q(month__gte=dated.valid_from.replace(day=1))
            if dated.valid_to:
                months &= Q(month__lte=dated.valid_to)
            asked |= months
    return asked


def attested(question: Question) -> QuerySet[HourEntry]:
    """Live ledger lines signed by whoever must sign."""
    return posted(question).filter(is_attested(question.programme))


_ENTRY_PARTS = {
    BY_KIND: "activity__kind",
    BY_SECTOR: "organisation__sector",
    BY_COMPONENT: "component__code",
}
_LINE_PARTS: dict[str, str | Expression] = {BY_SECTOR: "organisation__sector"}


def _by_entry(measure: Measure, share: str) -> Measure:
    finer = replace(
        measure,
        rows=approved_by_entry,
        only=Q(share_of_counted__gt=0),
        adds=share,
        shape="entry",
        parts=_ENTRY_PARTS,
    )
    return replace(measure, finer=finer)


_APPROVED_HOURS = Measure(
    code="approved_hours",
    name=_("Hours that count"),
    counted=_("Hours that the funding rules approve, rounded as they say. Summed from stored decisions."),
    rows=approved,
    adds="hours",
    unit=HOURS,
    shape="line",
    parts=_LINE_PARTS,
)
_APPROVED_AMOUNT = Measure(
    code="approved_amount",
    name=_("Money that counts"),
    counted=_("The approved hours times the rate of the rules. Summed from stored decisions."),
    rows=approved,
    adds="amount",
    unit=MONEY,
    shape="line",
    parts=_LINE_PARTS,
)

MEASURES = (
    _by_entry(_APPROVED_HOURS, "share_of_hours"),
    _by_entry(_APPROVED_AMOUNT, "share_of_amount"),
    Measure(
        code="attested_hours",
        name=_("Attested hours"),
        counted=_("Ledger hours signed by the person, and by the employer where the rules ask for it."),
        rows=attested,
        adds=F("minutes"),
        unit=MINUTES,
        shape="entry",
        parts=_ENTRY_PARTS,
    ),
)
