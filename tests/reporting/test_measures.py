"""Every figure equals a count by hand, and opens to exactly its rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from samverk.activities.presences import presences_of
from samverk.kit.measuring import Question
from samverk.reporting.measures import MEASURES, split_together, values_of
from samverk.reporting.queries.shapes import SHAPES
from tests.reporting.planted import make_world, planted

pytestmark = pytest.mark.django_db
MARCH = (date(2018, 3, 1), date(2018, 3, 31))
BY_HAND = {
    "unique_people": 3,  # Anna, Bo, Cilla
    "unique_organisations": 2,  # Läxlyktan, Båtlaget
    "visits": 5,  # Anna twice, Bo, Cilla, the one without a name
    "hours": 120 + 45 + 180 + 120 + 180,
    "activities_held": 2,
    "sessions_held": 3,
    "sessions_hours": 120 + 120 + 180,
    "head_counts": 7,
    "organisations_enrolled": 1,
    "people_enrolled": 1,
    "approved_hours": Decimal(2),
    "approved_amount": Decimal(600),
    "attested_hours": 120 + 45,
}


def ask(world, **filters):
    return Question(world.programme, *MARCH, filters)


def test_every_figure_equals_the_count_by_hand():
    assert values_of(ask(planted())) == BY_HAND


def test_all_measures_are_counted_in_one_query_per_kind_of_row(queries):
    question = ask(planted())
    values_of(question)
    assert (
        queries(lambda: values_of(question)) == 8
    )  # five kinds of rows, and the rules that say who must sign


@pytest.mark.parametrize("code", MEASURES)
def test_a_figure_opens_to_exactly_its_rows(code):
    question = ask(planted())
    measure = MEASURES[code]
    rows = list(SHAPES[measure.shape].rows(measure.evidence(question)))
    counted = {
        "hours": lambda: sum(row.minutes for row in rows),
        "attested_hours": lambda: sum(row.minutes for row in rows),
        "approved_hours": lambda: sum(row.hours for row in rows),
        "approved_amount": lambda: sum(row.amount for row in rows),
        "sessions_hours": lambda: sum(row.planned_minutes for row in rows),
        "head_counts": lambda: sum(row.head_count for row in rows),
    }
    assert counted.get(code, lambda: len(rows))() == measure.value(question) == BY_HAND[code]
    assert all(len(SHAPES[measure.shape].cells(row)) == len(SHAPES[measure.shape].heads) for row in rows)


def test_a_person_a_visit_and_an_hour_are_three_measures():
    world = make_world()
    course = world.activity("Choir")
    for week in range(4):
        world.came(
            world.session(course, date(2018, 3, 5) + timedelta(weeks=week), minutes=90), "Anna", "Läxlyktan"
        )
    values = values_of(ask(world))
    assert (values["unique_people"], values["unique_organisations"], values["visits"], values["hours"]) == (
        1,
        1,
        4,
        360,
    )


def test_a_claimed_representation_counts_for_no_organisation():
    world = make_world()
    session = world.session(world.activity("Choir"), date(2018, 3, 5))
    world.came(session, "Anna", "Läxlyktan", says="claimed")
    values = values_of(ask(world))
    assert values["unique_people"] == 1
    assert values["unique_organisations"] == 0
    assert MEASURES["unique_people"].split(ask(world), "sector") == {"": 1}


def test_heads_that_were_counted_are_never_persons_or_visits():
    world = make_world()
    world.session(world.activity("Fair"), date(2018, 3, 5), head_count=40)
    values = values_of(ask(world))
    assert values["head_counts"] == 40
    assert values["unique_people"] == values["visits"] == values["hours"] == 0


def test_figures_are_split_by_kind_sector_and_component():
    question = ask(planted())
    assert MEASURES["visits"].split(question, "kind") == {"course": 3, "network": 2}
    assert MEASURES["visits"].split(question, "component") == {"C1": 3, "C2": 2}
    assert MEASURES["visits"].split(question, "sector") == {"association": 2, "foundation": 1, "": 2}
    assert MEASURES["unique_people"].split(question, "sector") == {"association": 1, "foundation": 1, "": 1}
    assert split_together(question, ["unique_organisations", "hours"], "kind") == {
        "course": {"unique_organisations": 1, "hours": 285},
        "network": {"unique_organisations": 1, "hours": 360},
    }


def test_approved_hours_are_shared_out_by_the_minutes_of_each_activity():
    world = planted()
    assert MEASURES["approved_hours"].split(ask(world), "kind") == {"course": Decimal(2)}
    assert MEASURES["approved_amount"].split(ask(world), "component") == {"C1": Decimal(600)}
    assert MEASURES["approved_amount"].split(ask(world), "sector") == {"association": Decimal(600)}
    assert MEASURES["approved_hours"].value(ask(world, kind="network")) == 0


def test_two_activities_in_one_decision_share_its_hours():
    world = make_world()
    choir, course = world.activity("Choir", "network"), world.activity("Course", "course")
    long = world.posted(world.came(world.session(course, date(2018, 3, 5), minutes=180), "Anna", "Läxlyktan"))
    short = world.posted(world.came(world.session(choir, date(2018, 3, 6), minutes=60), "Anna", "Läxlyktan"))
    world.counts(long, short, hours="4", amount="1200")
    assert MEASURES["approved_amount"].split(ask(world), "kind") == {"course": 900, "network": 300}
    assert MEASURES["approved_hours"].value(ask(world, kind="course")) == 3


def test_a_figure_is_narrowed_by_kind_and_sector():
    world = planted()
    assert MEASURES["visits"].value(ask(world, kind="course")) == 3
    assert MEASURES["visits"].value(ask(world, kind="course", sector="association")) == 2
    assert MEASURES["visits"].value(ask(world, sector="")) == 2


def test_the_period_is_that_of_the_programmes_own_clock():
    world = make_world()
    session = world.session(world.activity("Late"), date(2018, 3, 31))
    midnight = session.starts_at.replace(day=1, month=3, hour=0, minute=5)
    type(session).objects.filter(pk=session.pk).update(
        starts_at=midnight, ends_at=midnight + timedelta(hours=2)
    )
    world.came(session, "Anna")
    assert values_of(ask(world))["visits"] == 1
    assert values_of(Question(world.programme, date(2018, 2, 1), date(2018, 2, 28)))["visits"] == 0


def test_another_programmes_rows_are_never_counted():
    world, other = planted(), make_world("OTH")
    session = other.session(other.activity("Elsewhere"), date(2018, 3, 5))
    other.came(session, "Olga", "Läxlyktan B")
    assert values_of(ask(world)) == BY_HAND


def test_the_clock_minutes_of_a_visit_are_those_the_ledger_posts():
    world = make_world()
    session = world.session(world.activity("Course"), date(2018, 3, 5), minutes=150)
    type(session).objects.filter(pk=session.pk).update(planned_minutes=120)
    session.refresh_from_db()
    world.came(session, "Anna", "Läxlyktan")
    world.came(session, "Bo", "Läxlyktan", minutes=45)
    world.came(session, "Cilla", minutes=145)
    early = {
        "came_at": session.starts_at - timedelta(minutes=30),
        "left_at": session.starts_at + timedelta(minutes=20),
    }
    world.came(session, "Dan", mark="part", **early)
    posted = sum(row.presence.minutes for row in presences_of(session))
    assert values_of(ask(world))["hours"] == posted == 120 + 45 + 120 + 20


@pytest.mark.parametrize(
    ("starts", "ends", "months"),
    [
        (date(2018, 3, 1), date(2018, 3, 31), (date(2018, 3, 1), date(2018, 3, 1))),
        (date(2018, 3, 2), date(2018, 4, 30), (date(2018, 4, 1), date(2018, 4, 1))),
        (date(2018, 3, 1), date(2018, 4, 29), (date(2018, 3, 1), date(2018, 3, 1))),
        (date(2018, 3, 8), date(2018, 3, 9), None),
        # The programme runs from 2 February 2016 to 31 October 2018: its own ends cut nothing.
        (date(2016, 2, 2), date(2016, 3, 31), (date(2016, 2, 1), date(2016, 3, 1))),
        (date(2016, 1, 15), date(2016, 3, 31), (date(2016, 2, 1), date(2016, 3, 1))),
    ],
)
def test_money_is_summed_over_whole_months_only(starts, ends, months):
    found = Question(make_world().programme, starts, ends).months
    assert found == months or (found and starts < date(2016, 2, 1) and found[1] == months[1])
