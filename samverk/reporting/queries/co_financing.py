"""Co-financing: what the grant needs, what is delivered, attested, counted, and what is to be expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from samverk.activities.choices import ActivityState, Mark, Representation
from samverk.activities.measures import attended
from samverk.activities.models import Attendance, Session
from samverk.directory.models import Affiliation
from samverk.kit.measuring import Question
from samverk.ledger.measures import attested, person_months
from samverk.ledger.models import DecisionRefusal
from samverk.programmes.choices import PartnerKind
from samverk.programmes.models import FundingLine, PartnerRole, Programme, RuleSet
from samverk.reporting import rules
from samverk.reporting.measures import values_of

SIX_MONTHS = timedelta(days=182)


@dataclass(frozen=True)
class CoFinancing:
    """Money at each step, in the programme's currency, and what the forecast stands on."""

    currency: str
    needed: Decimal | None
    delivered: Decimal
    attested: Decimal
    approved: Decimal
    approved_hours: Decimal
    planned: Decimal
    per_hour: Decimal | None
    share_attended: Decimal | None
    stale: int
    budget: Decimal | None = None

    @property
    def forecast(self) -> Decimal:
        return self.delivered + self.planned

    @property
    def forecast_share(self) -> Decimal | None:
        return self.share(self.forecast)

    @property
    def hours_needed(self) -> int | None:
        """Hours that the needed money takes at today's rate, rounded up."""
        return rules.hours_needed(self.needed, self.per_hour) if self.needed and self.per_hour else None

    def share(self, amount: Decimal) -> Decimal | None:
        return amount / self.needed if self.needed else None


@dataclass(frozen=True)
class Worth:
    """What rows could count for at most: minutes of the clock, and money."""

    minutes: int = 0
    amount: Decimal = Decimal(0)

    def __add__(self, other: Worth) -> Worth:
        return Worth(self.minutes + other.minutes, self.amount + other.amount)


def needed(programme: Programme) -> Decimal | None:
    """What must be proven: as the funding lines say, else the budget less the support."""
    lines = FundingLine.objects.filter(programme=programme).aggregate(total=Sum("to_prove"))
    return programme.co_financing if lines["total"] is None else lines["total"]


def money_rules(programme: Programme, day: date) -> RuleSet | None:
    """The rules by which hours become money: of the first line that proves co-financing and has rules that day."""
    lines = FundingLine.objects.filter(programme=programme).prefetch_related("line_rules__rule_set")
    ordered = sorted(lines, key=lambda line: line.to_prove is None)
    return next((found for line in ordered if (found := line.rule_set_on(day))), None)


def stale_count(question: Question) -> int:
    """Stored decisions of the period that wait to be judged again."""
    return person_months(question).filter(is_stale=True).count()


def co_financing(question: Question, now: datetime, found: Mapping[str, Any] | None = None) -> CoFinancing:
    """The steps for the whole months of the period, and the forecast to the end of the programme.

    Delivered is what counts plus what only a signature or a stronger proof keeps from counting; attested leaves out
    what nobody has signed. Both are stored decisions: minutes times the rate they were judged by.
    `found` holds approved hours and money of the question, where they are known already.
    """
    programme = question.programme
    found = found or values_of(question, ["approved_amount", "approved_hours"])
    open_refusals = refusals(question, rules.CAN_BE_PUT_RIGHT)
    weak = refusals(question, ["evidence_too_weak"]).filter(entry__in=attested(question).values("pk"))
    approved = Decimal(found["approved_amount"])
    rule_set = money_rules(programme, min(max(now.date(), programme.starts), programme.ends))
    share, planned = _forecast(programme, rule_set, now)
    return CoFinancing(
        currency=programme.currency,
        budget=programme.budget,
        needed=needed(programme),
        delivered=approved + worth_of_refusals(open_refusals).amount,
        attested=approved + worth_of_refusals(weak).amount,
        approved=approved,
        approved_hours=Decimal(found["approved_hours"]),
        planned=planned,
        per_hour=rules.rate_on(rule_set.document, "default", now.date()) or _last_rate(rule_set)
        if rule_set
        else None,
        share_attended=share,
        stale=stale_count(question),
    )


def _last_rate(rule_set: RuleSet) -> Decimal | None:
    """The newest rate of a rule set: a programme that is over still shows what an hour was worth."""
    rates = [rate for rate in rule_set.document.get("rates", []) if rate["category"] == "default"]
    return Decimal(max(rates, key=lambda rate: rate["valid_from"])["per_hour"]) if rates else None


def refusals(question: Question, reasons: Iterable[str]) -> QuerySet[DecisionRefusal]:
    """Refused ledger lines of the period's stored decisions, for these reasons."""
    months = question.months
    if months is None:
        return DecisionRefusal.objects.none()
    return DecisionRefusal.objects.filter(
        person_month__funding_line__programme=question.programme,
        person_month__month__range=months,
        reason__in=list(reasons),
    )


def worth_of_refusals(found: QuerySet[DecisionRefusal]) -> Worth:
    """Minutes and money of refused lines, by the rule set each was judged by."""
    keys = ("person_month__rule_set", "entry__category", "person_month__month")
    sums = list(found.order_by().values_list(*keys).annotate(total=Sum("minutes")))
    documents = RuleSet.objects.in_bulk({row[0] for row in sums})
    worth = Worth()
    for rule_set, category, month, minutes in sums:
        amount = (
            rules.worth(minutes, documents[rule_set].document, category, month)
            if rule_set in documents
            else 0
        )
        worth += Worth(minutes, Decimal(amount))
    return worth


def could_count(programme: Programme, rule_set: RuleSet | None, *, claimed: bool = False) -> Q:
    """Attendance rows whose hours can become money under the rules: stands for an employer, in an eligible role.

    With `claimed`, those who only say so, to learn what confirming them is worth.
    """
    eligible = rule_set.document.get("eligible_employment") if rule_set else None
    stands_for = Q(representation=Representation.CLAIMED if claimed else Representation.CONFIRMED)
    if eligible is None:
        return stands_for
    known = Affiliation.objects.filter(
        person=OuterRef("person"), organisation=OuterRef("organisation"), role__in=eligible
    )
    role = Q(role__in=eligible) | (Q(role="") & (Q(Exists(known)) if not claimed else Q()))
    owners = PartnerRole.objects.filter(programme=programme, kind=PartnerKind.LEAD).values("organisation")
    excluded = "programme_owner_staff" in rule_set.document.get("excluded", [])  # type: ignore[union-attr]
    return stands_for & role & (~Q(organisation__in=owners) if excluded else Q())


def _forecast(
    programme: Programme, rule_set: RuleSet | None, now: datetime
) -> tuple[Decimal | None, Decimal]:
    """The share of expected people that came in the last six months, and what the planned sessions may bring.

    People expected count with that share; where nobody is registered yet, a session counts as much as sessions of
    the last six months did on average.
    """
    share, usual = _last_six_months(programme, rule_set, now)
    if share is None or rule_set is None:
        return share, Decimal(0)
    planned = Decimal(0)
    for session in _planned(programme, rule_set, now):
        people = session["eligible"] * share if session["rows"] else usual
        minutes = people * session["planned_minutes"]
        planned += rules.worth(1, rule_set.document, "default", session["starts_at"].date()) * minutes
    return share, planned.quantize(Decimal(1))


def _planned(programme: Programme, rule_set: RuleSet, now: datetime) -> Iterable[dict[str, Any]]:
    eligible = Attendance.objects.filter(could_count(programme, rule_set), is_leader=False)
    return (
        Session.objects.filter(  # type: ignore[return-value]
            activity__programme=programme,
            activity__state=ActivityState.PUBLISHED,
            state=Session.State.PLANNED,
            starts_at__gt=now,
            starts_at__date__lte=programme.ends,
        )
        .order_by()
        .values("pk", "planned_minutes", "starts_at")
        .annotate(
            rows=Count("attendances", filter=Q(attendances__is_leader=False)),
            eligible=Count(
                "attendances", filter=Q(attendances__in=eligible) & ~Q(attendances__mark=Mark.ABSENT)
            ),
        )
    )


def _last_six_months(
    programme: Programme, rule_set: RuleSet | None, now: datetime
) -> tuple[Decimal | None, Decimal]:
    """How many of the expected came, and how many who count came to a session on average."""
    since = Question(programme, (now - SIX_MONTHS).date(), now.date())
    here = Q(mark__in=(Mark.HERE, Mark.PART))
    rows = Attendance.objects.filter(
        session__activity__programme=programme,
        session__state=Session.State.DONE,
        session__starts_at__gte=since.first_moment,
        session__starts_at__lt=since.end_moment,
        is_leader=False,
    )
    asked = Q(is_walk_in=False)
    found = rows.aggregate(
        expected=Count("pk", filter=asked),
        came=Count("pk", filter=asked & here),
        sessions=Count("session", distinct=True),
    )
    if not found["expected"]:
        return None, Decimal(0)
    counting = attended(since).filter(could_count(programme, rule_set)).count()
    return Decimal(found["came"]) / found["expected"], Decimal(counting) / found["sessions"]
