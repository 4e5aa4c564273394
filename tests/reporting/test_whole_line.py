"""From a closed sheet to a frozen report and a difference in it, through the commands of the product."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from samverk.activities.commands.attendance import correct_attendance
from samverk.activities.models import Attendance
from samverk.directory.commands import give_mandate
from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.kit.measuring import Question
from samverk.ledger.commands.judging import judge_stale
from samverk.reporting.commands import create_report, freeze_report
from samverk.reporting.measures import values_of
from samverk.reporting.queries.co_financing import co_financing
from samverk.reporting.queries.differences import differences
from samverk.reporting.queries.gaps import gaps
from tests.cast import make_person
from tests.ledger.ledger_cast import (
    STOCKHOLM,
    at,
    countersign_all,
    course,
    employer,
    held,
    programme_with_line,
    sign_all,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 10, 12, 0, tzinfo=STOCKHOLM)
ASKED = ("unique_people", "visits", "hours", "approved_hours", "approved_amount", "attested_hours")


def judged():
    while judge_stale():
        pass


@pytest.fixture
def march():
    """Golden case F1: A 150 + 195 + 90 minutes, B 360 + 360 + 225, C 45; each has an employer of her own."""
    programme, _line = programme_with_line("KCM", attestation="person_and_employer")
    people = {name: make_person(name, "Golden") for name in "ABC"}
    bosses = {name: make_person(f"Boss {name}", "Golden") for name in "ABC"}
    employers = {name: employer(f"Employer of {name}", person) for name, person in people.items()}
    for name, boss in bosses.items():
        give_mandate(employers[name], boss, ["confirm_hours"], by=THE_SHELL)
    activity = course(programme)
    stays = {"A": (150, 195, 90), "B": (360, 360, 225), "C": (45,)}
    for name, minutes in stays.items():
        for number, length in enumerate(minutes):
            held(
                activity,
                at(2 + number + 5 * ord(name) % 7, hour=8),
                length,
                [(people[name], employers[name])],
            )
    judged()
    return programme, people, bosses, employers


def figures(programme):
    return values_of(Question(programme, date(2026, 3, 1), date(2026, 3, 31)), ASKED)


def step(programme):
    found = co_financing(Question(programme, programme.starts, programme.ends), NOW)
    return found.delivered, found.attested, found.approved


def test_hours_become_money_step_by_step(march):
    programme, _people, bosses, employers = march
    clock = 150 + 195 + 90 + 360 + 360 + 225 + 45
    delivered = Decimal(clock) / 60 * 300
    assert figures(programme) == {
        "unique_people": 3, "visits": 7, "hours": clock, "approved_hours": 0, "approved_amount": 0, "attested_hours": 0,
    }  # fmt: skip
    assert step(programme) == (delivered, 0, 0)
    assert {
        gap.kind.code: gap.number
        for gap in gaps(Question(programme, date(2026, 3, 1), date(2026, 3, 31)), NOW)
    } == {"unanswered": 3}

    sign_all()
    judged()
    assert {
        gap.kind.code: gap.number
        for gap in gaps(Question(programme, date(2026, 3, 1), date(2026, 3, 31)), NOW)
    } == {"not_countersigned": 3}

    for name, boss in bosses.items():
        countersign_all(employers[name], boss)
    judged()
    found = figures(programme)
    # Rounded down for each person and month: 7 + 15 + 0 hours.
    assert (found["approved_hours"], found["approved_amount"], found["attested_hours"]) == (22, 6_600, clock)
    assert step(programme) == (6_600, 6_600, 6_600)
    assert gaps(Question(programme, date(2026, 3, 1), date(2026, 3, 31)), NOW) == []


def test_a_correction_after_freezing_lists_the_visit_the_hours_and_the_money_with_its_entry(march):
    programme, people, bosses, employers = march
    sign_all()
    for name, boss in bosses.items():
        countersign_all(employers[name], boss)
    judged()
    report = create_report(programme, starts=date(2026, 3, 1), ends=date(2026, 3, 31), by=THE_SHELL)
    snapshot = freeze_report(report, by=THE_SHELL)
    assert differences(snapshot) == []

    longest = Attendance.objects.filter(person=people["B"]).order_by("-session__planned_minutes").first()
    coordinator = make_person("Kim", "Corrector")
    correct_attendance(longest, "absent", by=Actor(coordinator), reason="Was at work.")
    with pytest.raises(Refusal) as refusal:
        freeze_report(
            create_report(programme, starts=date(2026, 3, 1), ends=date(2026, 3, 31), by=THE_SHELL),
            by=THE_SHELL,
        )
    assert refusal.value.code == "stale"
    judged()

    found = {(row.section, row.kind): row for row in differences(snapshot)}
    visit, decision = found["attendance", "gone"], found["decision", "gone"]
    assert visit.effect("minutes") == -360
    assert (visit.entry.reason, visit.entry.actor) == ("Was at work.", coordinator)
    assert found["hour", "gone"].entry.reason == "Was at work."
    # Her other hours wait for a new signature, so nothing of hers counts now.
    assert decision.effect("amount") == -15 * 300
    assert decision.entry is not None
    assert snapshot.figures["measures"]["approved_amount"] == "6600"
