"""What is missing, and what it is worth: each gap is a query of rows that somebody can put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from samverk.activities.choices import ActivityState, Mark, Representation
from samverk.activities.measures import ATTENDED_MINUTES, attended
from samverk.activities.models import Attendance, Session
from samverk.kit.measuring import Question
from samverk.ledger.measures import person_months
from samverk.reporting import rules
from samverk.reporting.queries.co_financing import (
    Worth,
    could_count,
    money_rules,
    refusals,
    worth_of_refusals,
)


@dataclass(frozen=True)
class GapKind:
    """A kind of gap: its rows, what is counted of them, what putting them right is worth, and what to do."""

    code: str
    name: Promise
    said: Callable[[int], Promise]
    to_do: Promise
    rows: Callable[[Question, datetime], QuerySet]
    worth: Callable[[Question, QuerySet], Worth]
    shape: str
    counts: str = "pk"


@dataclass(frozen=True)
class Gap:
    """A gap as found: how many, and what they are worth at most."""

    kind: GapKind
    number: int
    worth: Worth

    @property
    def name(self) -> Promise:
        """In words that fit the number, which stands beside them."""
        return self.kind.said(self.number)


def gaps(question: Question, now: datetime) -> list[Gap]:
    """Everything missing in the period, dearest first. Empty kinds are left out."""
    found = []
    for kind in GAP_KINDS.values():
        rows = kind.rows(question, now)
        number = rows.order_by().values(kind.counts).distinct().count()
        if number:
            found.append(Gap(kind, number, kind.worth(question, rows)))
    return sorted(found, key=lambda gap: (-gap.worth.amount, -gap.worth.minutes))


def total_worth(found: list[Gap]) -> Worth:
    return sum((gap.worth for gap in found), Worth())


# ---------- rows ----------


def _open_sessions(question: Question, now: datetime) -> QuerySet[Session]:
    """Sessions that are over and whose attendance nobody has finished."""
    return Session.objects.filter(
        activity__programme=question.programme,
        activity__state=ActivityState.PUBLISHED,
        state=Session.State.PLANNED,
        starts_at__gte=question.first_moment,
        starts_at__lt=question.end_moment,
        ends_at__lte=now,
    )


def _claimed(question: Question, now: datetime) -> QuerySet[Attendance]:
    return attended(question).filter(representation=Representation.CLAIMED)


def _nameless(question: Question, now: datetime) -> QuerySet[Attendance]:
    return attended(question).filter(person=None)


def _missing_person(question: Question, now: datetime) -> QuerySet:
    # The engine names the person first where both are missing.
    return refusals(question, ["not_attested"]).filter(facts__missing__0="person")


def _missing_employer(question: Question, now: datetime) -> QuerySet:
    return refusals(question, ["not_attested"]).filter(facts__missing__0="employer")


def _weak(question: Question, now: datetime) -> QuerySet:
    return refusals(question, ["evidence_too_weak"])


def _unjudged(question: Question, now: datetime) -> QuerySet:
    return person_months(question).exclude(problem="")


# ---------- what they are worth ----------


def _worth_of_sessions(question: Question, sessions: QuerySet[Session]) -> Worth:
    """The planned minutes of everybody who is expected and not marked absent; money for those who can count."""
    rule_set = money_rules(question.programme, question.ends)
    rows = Attendance.objects.filter(session__in=sessions, is_leader=False).exclude(mark=Mark.ABSENT)
    if rule_set is not None:
        rows = rows.filter(could_count(question.programme, rule_set))
    return _by_day(
        question,
        rows.order_by().values_list("session__starts_at").annotate(total=Sum("session__planned_minutes")),
    )


def _worth_of_claims(question: Question, rows: QuerySet[Attendance]) -> Worth:
    rule_set = money_rules(question.programme, question.ends)
    counting = rows.filter(could_count(question.programme, rule_set, claimed=True))
    return _by_day(
        question, counting.order_by().values_list("session__starts_at").annotate(total=Sum(ATTENDED_MINUTES))
    )


def _by_day(question: Question, sums: QuerySet) -> Worth:
    """Minutes at the rate of their day; without rules of money only the minutes are known."""
    rule_set = money_rules(question.programme, question.ends)
    worth = Worth()
    for moment, minutes in sums:
        amount = (
            rules.worth(minutes or 0, rule_set.document, "default", moment.date()) if rule_set else Decimal(0)
        )
        worth += Worth(minutes or 0, amount)
    return worth


def _worth_of_refusals(question: Question, rows: QuerySet) -> Worth:
    return worth_of_refusals(rows)


def _nothing_known(question: Question, rows: QuerySet) -> Worth:
    return Worth()


GAP_KINDS: dict[str, GapKind] = {
    kind.code: kind
    for kind in (
        GapKind(
            code="open_sessions",
            name=_("Sessions without attendance"),
            said=lambda n: ngettext_lazy("Session without attendance", "Sessions without attendance", n),
            to_do=_("Mark who was there, then choose Done."),
            rows=_open_sessions,
            worth=_worth_of_sessions,
            shape="open_session",
        ),
        GapKind(
            code="unanswered",
            name=_("Hours the person has not confirmed"),
            said=lambda n: ngettext_lazy(
                "Statement not confirmed by the person", "Statements not confirmed by the person", n
            ),
            to_do=_("Remind them, or take the statement on paper."),
            rows=_missing_person,
            worth=_worth_of_refusals,
            shape="refusal",
            counts="person_month",
        ),
        GapKind(
            code="not_countersigned",
            name=_("Hours the employer has not countersigned"),
            said=lambda n: ngettext_lazy(
                "Employer who has not countersigned", "Employers who have not countersigned", n
            ),
            to_do=_("Ask whoever holds the mandate to confirm hours."),
            rows=_missing_employer,
            worth=_worth_of_refusals,
            shape="refusal",
            counts="entry__organisation",
        ),
        GapKind(
            code="claims",
            name=_("Representation not confirmed"),
            said=lambda n: ngettext_lazy(
                "Visit for an organisation, not confirmed", "Visits for an organisation, not confirmed", n
            ),
            to_do=_("Confirm that she stands for the organisation."),
            rows=_claimed,
            worth=_worth_of_claims,
            shape="visit",
        ),
        GapKind(
            code="weak_evidence",
            name=_("Evidence too weak for the rules"),
            said=lambda n: ngettext_lazy(
                "Ledger line with too weak evidence", "Ledger lines with too weak evidence", n
            ),
            to_do=_("File the signed list of the session."),
            rows=_weak,
            worth=_worth_of_refusals,
            shape="refusal",
        ),
        GapKind(
            code="nameless",
            name=_("Visits by somebody without a record"),
            said=lambda n: ngettext_lazy(
                "Visit by somebody without a record", "Visits by somebody without a record", n
            ),
            to_do=_("Find or add the person on the sheet."),
            rows=_nameless,
            worth=_nothing_known,
            shape="visit",
        ),
        GapKind(
            code="unjudged",
            name=_("Months that could not be judged"),
            said=lambda n: ngettext_lazy(
                "Month that could not be judged", "Months that could not be judged", n
            ),
            to_do=_("See the rule set of the funding line."),
            rows=_unjudged,
            worth=_nothing_known,
            shape="person_month",
        ),
    )
}
