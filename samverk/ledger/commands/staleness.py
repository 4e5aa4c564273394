"""Marking stored decisions as stale: some input of them changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Case, Exists, F, OuterRef, QuerySet, When
from django.utils import timezone

from samverk.ledger.models import PersonMonth, SealedPeriod
from samverk.ledger.rules import sealed_programmes
from samverk.programmes.models import FundingLine

BATCH = 500
Who = tuple[int, date]


def mark(person_months: QuerySet[PersonMonth]) -> int:
    """Mark these decisions stale, also those that are being judged right now; what is sealed stays. Returns how many."""
    now = timezone.now()
    seal = SealedPeriod.objects.filter(
        programme=OuterRef("funding_line__programme"),
        reopened_at=None,
        starts__lte=OuterRef("month"),
        ends__gte=OuterRef("month"),
    )
    since = Case(When(is_stale=True, then=F("stale_since")), default=now)
    return person_months.filter(~Exists(seal)).update(
        is_stale=True, marked=F("marked") + 1, stale_since=since
    )


def mark_stale(whose: Iterable[Who], programmes: Collection[int]) -> None:
    """Something changed in these persons' months, in these programmes.

    Decisions that do not exist yet are made, waiting. Other programmes' decisions of the same person and month are
    marked too: an hour is paid once. What is sealed stays as it is.
    """
    by_month: dict[date, set[int]] = {}
    for person, month in whose:
        by_month.setdefault(month, set()).add(person)
    lines = dict(
        FundingLine.objects.filter(programme__in=programmes, line_rules__isnull=False).values_list(
            "pk", "programme"
        )
    )
    for month in sorted(by_month):
        sealed = sealed_programmes(month)
        people = sorted(by_month[month])
        open_lines = [line for line, programme in lines.items() if programme not in sealed]
        for start in range(0, len(people), BATCH):
            some = people[start : start + BATCH]
            wanted = [
                PersonMonth(funding_line_id=line, person_id=p, month=month)
                for line in open_lines
                for p in some
            ]
            PersonMonth.objects.bulk_create(wanted, ignore_conflicts=True)
            mark(PersonMonth.objects.filter(person__in=some, month=month))


def mark_line_stale(line: FundingLine) -> int:
    """The conditions of a funding line changed: everything decided for it, outside sealed periods, is stale."""
    months = (
        PersonMonth.objects.filter(funding_line=line).order_by().values_list("month", flat=True).distinct()
    )
    return sum(mark(PersonMonth.objects.filter(funding_line=line, month=month)) for month in list(months))
