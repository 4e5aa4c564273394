"""Following what changes on lower floors: affiliations, team seats, partner roles and rules know nothing of hours.

The trail tells: whatever a command wrote there since the last look marks sessions to post or lines to judge again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from samverk.activities.models import Activity, Leader, Session
from samverk.directory.models import Affiliation
from samverk.ledger.commands.staleness import BATCH, mark_line_stale, mark_stale
from samverk.ledger.models import HourEntry
from samverk.programmes.models import FundingLine, PartnerRole, Programme, RuleSet, TeamSeat
from samverk.trail.models import Entry, Mark

PLACE = "ledger.followed"
FOLLOWED = [
    model._meta.model_name
    for model in (Affiliation, TeamSeat, PartnerRole, Programme, FundingLine, RuleSet, Activity, Leader)
]


def follow_changes(limit: int = 500) -> int:
    """Look at what the trail holds since the last look. Returns how many entries concerned hours."""
    place, _made = Mark.objects.get_or_create(name=PLACE, defaults={"value": {"entry": _newest()}})
    news = Entry.objects.filter(pk__gt=place.value["entry"]).order_by("pk")[:limit]
    seen = 0
    for entry in list(news):
        with transaction.atomic():
            if entry.thing_type in FOLLOWED and entry.thing_id:
                _follow(entry, entry.thing_id)
                seen += 1
            Mark.objects.filter(pk=place.pk).update(value={"entry": entry.pk})
    return seen


def _newest() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _follow(entry: Entry, thing: int) -> None:
    match entry.thing_type:
        case "affiliation":
            people = Affiliation.objects.filter(pk=thing).values("person")
            _post_again(HourEntry.objects.live().filter(person__in=people))
        case "teamseat":
            for seat in TeamSeat.objects.filter(pk=thing):
                _post_again(
                    HourEntry.objects.live().filter(person=seat.person_id, programme=seat.programme_id)
                )
        case "activity":
            _post_again(HourEntry.objects.live().filter(activity=thing))
        case "programme":
            _follow_programme(entry, thing)
        case "fundingline":
            _follow_line(thing)
        case "ruleset":
            for line in FundingLine.objects.filter(line_rules__rule_set=thing).distinct():
                mark_line_stale(line)


def _follow_programme(entry: Entry, thing: int) -> None:
    """Partner roles and funding lines are logged on their programme."""
    if set(entry.changed) & {"partner_roles"}:
        _post_again(HourEntry.objects.live().filter(programme=thing))
    if set(entry.changed) & {"funding_lines", "starts", "ends", "line_rules"}:
        for pk in FundingLine.objects.filter(programme=thing).values_list("pk", flat=True):
            _follow_line(pk)


def _follow_line(pk: int) -> None:
    """Rules of a line began or changed: every month of its programme is judged, also those not judged so far."""
    for line in FundingLine.objects.filter(pk=pk):
        mark_line_stale(line)
        months = HourEntry.objects.live().filter(programme=line.programme_id).order_by("month")
        for month in list(months.values_list("month", flat=True).distinct()):
            mark_stale(_persons_in(line.programme_id, month), [line.programme_id])


def _persons_in(programme: int, month: date) -> Iterable[tuple[int, date]]:
    people = (
        HourEntry.objects.live()
        .filter(programme=programme, month=month)
        .order_by()
        .values_list("person", flat=True)
    )
    return [(person, month) for person in people.distinct()]


def _post_again(entries: QuerySet[HourEntry]) -> None:
    sessions = list(entries.order_by().values_list("session", flat=True).distinct())
    for start in range(0, len(sessions), BATCH):
        Session.objects.filter(pk__in=sessions[start : start + BATCH]).update(needs_posting=True)
