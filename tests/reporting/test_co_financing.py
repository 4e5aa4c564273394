"""Co-financing: the golden gap, the steps as sums of stored decisions, the forecast, and what is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from samverk.kit.measuring import Question
from samverk.ledger.models import PersonMonth
from samverk.programmes.models import Programme
from samverk.reporting import rules
from samverk.reporting.queries.co_financing import co_financing, stale_count
from samverk.reporting.queries.gaps import gaps, total_worth
from samverk.reporting.queries.openings import opening_of
from tests.reporting.planted import make_world, planted

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 4, 1, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def everything(world):
    return Question(world.programme, world.programme.starts, world.programme.ends)


def test_the_gap_is_the_budget_less_the_support():
    gap = rules.co_financing_gap(Decimal(7_685_106), Decimal(5_891_597), Decimal(300))
    assert gap.amount == 1_793_509
    assert rules.in_hundredths(gap.share) == Decimal("23.34")
    assert gap.hours == 5_979


def test_3120_approved_hours_prove_52_19_per_cent():
    share = rules.share_proven(Decimal(3_120), Decimal(300), Decimal(1_793_509))
    assert rules.in_hundredths(share) == Decimal("52.19")


def test_the_programme_needs_what_its_funding_line_must_prove():
    found = co_financing(everything(make_world()), NOW)
    assert found.needed == 1_793_509
    assert found.hours_needed == 5_979
    assert found.share(Decimal(3120 * 300)) == pytest.approx(Decimal("0.5219"), abs=Decimal("0.0001"))


def test_without_an_amount_on_the_line_the_budget_less_the_support_is_needed():
    world = make_world()
    world.programme.funding_lines.update(to_prove=None)
    assert co_financing(everything(world), NOW).needed == 1_793_509


def test_each_step_is_a_sum_of_stored_decisions():
    found = co_financing(everything(planted()), NOW)
    # Anna's 2 h count; Bo's 3 h lack the employer's signature: delivered, not attested.
    assert (found.approved, found.attested, found.delivered) == (600, 600, 600 + 3 * 300)
    assert found.approved_hours == 2


def test_hours_signed_but_weakly_proven_are_attested_and_do_not_count():
    world = make_world()
    entry = world.posted(
        world.came(world.session(world.activity("Course"), date(2018, 3, 5)), "Anna", "Läxlyktan"),
        signed="both",
    )
    world.refused(entry, "evidence_too_weak", evidence="facilitator_mark", minimum="signed_list")
    found = co_financing(everything(world), NOW)
    assert (found.approved, found.attested, found.delivered) == (0, 600, 600)


def test_what_can_never_count_is_not_delivered():
    world = make_world()
    entry = world.posted(
        world.came(world.session(world.activity("Course"), date(2018, 3, 5)), "Anna", "Läxlyktan")
    )
    world.refused(entry, "employment_not_eligible", employment="volunteer", eligible=["employee"])
    assert co_financing(everything(world), NOW).delivered == 0


def test_stale_decisions_are_summed_as_stored_and_counted_aloud():
    world = planted()
    PersonMonth.objects.filter(person=world.person("Anna")).update(is_stale=True)
    found = co_financing(everything(world), NOW)
    assert found.approved == 600
    assert found.stale == stale_count(everything(world)) == 1


def test_delivered_and_attested_open_to_their_ledger_lines():
    world = planted()
    people = {
        code: [row.person.given_name for row in opening_of(code, everything(world), NOW).rows]
        for code in ("delivered", "attested")
    }
    assert sorted(people["delivered"]) == ["Anna", "Anna", "Bo"]
    assert sorted(people["attested"]) == ["Anna", "Anna"]


def test_the_forecast_adds_those_expected_times_the_share_that_came():
    world = make_world()
    course = world.activity("Course")
    past, future = (
        world.session(course, date(2018, 3, 5)),
        world.session(course, date(2018, 5, 7), minutes=120, state="planned"),
    )
    world.came(past, "Anna", "Läxlyktan")
    world.came(past, "Bo", "Läxlyktan", mark="absent")
    for name in ("Anna", "Bo", "Cilla"):
        world.came(future, name, "Läxlyktan", mark="none")
    world.came(future, "Dan", "Läxlyktan", mark="none", role="volunteer")
    found = co_financing(everything(world), NOW)
    assert found.share_attended == Decimal("0.5")
    # Three employees x 2 h x a half x 300.
    assert found.planned == 900
    assert found.forecast == found.delivered + 900


def test_a_planned_session_nobody_has_registered_for_counts_as_the_usual_one():
    world = make_world()
    course = world.activity("Course")
    for day in (5, 6):
        session = world.session(course, date(2018, 3, day))
        world.came(session, "Anna", "Läxlyktan")
    world.came(session, "Bo", "Läxlyktan")
    world.session(course, date(2018, 5, 7), minutes=60, state="planned")
    # Three who count in two sessions: 1.5 people x 1 h x 300.
    assert co_financing(everything(world), NOW).planned == 450


def test_without_history_nothing_is_forecast():
    world = make_world()
    world.came(
        world.session(world.activity("Course"), date(2018, 5, 7), state="planned"),
        "Anna",
        "Läxlyktan",
        mark="none",
    )
    found = co_financing(everything(world), NOW)
    assert found.share_attended is None
    assert found.planned == 0


def test_sessions_without_attendance_are_worth_their_planned_hours():
    world = make_world()
    course = world.activity("Course")
    for day in range(14):
        session = world.session(course, date(2018, 3, 1) + timedelta(days=day), minutes=180, state="planned")
        for name in ("Anna", "Bo"):
            world.came(session, name, "Läxlyktan", mark="none")
        world.came(session, "Cilla", "Tegelvingen", says="claimed", mark="none")
        world.came(session, "Dan", "Läxlyktan", mark="absent")
    [gap] = gaps(everything(world), NOW)
    assert gap.kind.code == "open_sessions"
    # 14 sessions x 3 h x 2 people who can count.
    assert (gap.number, gap.worth.minutes, gap.worth.amount) == (14, 14 * 3 * 2 * 60, 14 * 3 * 2 * 300)


def test_every_gap_says_how_many_and_what_it_is_worth_and_opens_to_its_rows():
    world = planted()
    cilla_2 = world.came(world.session(world.activity("More"), date(2018, 3, 22)), "Gun", "Läxlyktan")
    world.refused(world.posted(cilla_2), "not_attested", missing=["person", "employer"])
    weak = world.came(world.session(world.activity("Most"), date(2018, 3, 23)), "Hans", "Läxlyktan")
    world.refused(world.posted(weak), "evidence_too_weak", evidence="self_claim", minimum="signed_list")
    PersonMonth.objects.filter(person=world.person("Hans")).update(problem="No rule set in force.")
    found = {gap.kind.code: gap for gap in gaps(everything(world), NOW)}
    numbers = {code: (gap.number, gap.worth.minutes, gap.worth.amount) for code, gap in found.items()}
    assert numbers == {
        "open_sessions": (1, 0, 0),
        "unanswered": (1, 120, 600),
        "not_countersigned": (1, 180, 900),
        "claims": (1, 120, 600),
        "weak_evidence": (1, 120, 600),
        "nameless": (1, 0, 0),
        "unjudged": (1, 0, 0),
    }
    assert total_worth(list(found.values())).amount == 2700
    for code in found:
        assert opening_of(code, everything(world), NOW).rows.count() == 1


def test_gaps_of_another_programme_are_not_ours():
    planted()
    other = make_world("OTH")
    assert gaps(everything(other), NOW) == []


def test_a_programme_without_money_still_has_gaps_in_hours():
    world = make_world("FREE", money=False)
    session = world.session(world.activity("Course"), date(2018, 3, 5), state="planned")
    world.came(session, "Anna", mark="none")
    Programme.objects.filter(pk=world.programme.pk).update(budget=None, support=None)
    [gap] = gaps(everything(world), NOW)
    assert (gap.worth.minutes, gap.worth.amount) == (120, 0)
