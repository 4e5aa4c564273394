"""The screens of tables: numbers first, empty states, errors that stay, as many queries for many as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverk.activities.messages import place_token
from samverk.activities.models import Attendance
from samverk.kit.acting import THE_SHELL
from samverk.tables.commands import plans
from samverk.tables.models import TablePlan
from tests.activities.sheets import fill_sheet, give_place
from tests.cast import signed_in_client


@pytest.fixture
def coordinator(cast):
    return signed_in_client(cast.coordinator)


def page_of(session) -> str:
    return reverse("office:tables", args=[session.code])


def made(session, **wishes):
    usual = {"tables": 2, "rounds": 2, "mix": ["sector"], "organisations_apart": False}
    return plans.make_groups(session, by=THE_SHELL, **(usual | wishes))


def test_without_people_the_page_leads_to_the_sheet(cast, coordinator):
    said = coordinator.get(page_of(cast.session)).content.decode()
    assert reverse("office:attendance", args=[cast.session.code]) in said


def test_groups_are_made_by_one_button(cast, coordinator):
    fill_sheet(cast, 8)
    answer = coordinator.post(
        reverse("office:tables_make", args=[cast.session.code]), {"tables": 2, "rounds": 2, "mix": ["sector"]}
    )
    assert answer.status_code == 302
    plan = TablePlan.objects.get(session=cast.session)
    assert plan.seats.count() == 16 and plan.made_by == cast.coordinator


@pytest.mark.parametrize(
    "fields", [{"tables": "", "rounds": 1}, {"tables": 9, "rounds": 1}, {"tables": 2, "rounds": 99}]
)
def test_wrong_numbers_are_said_at_the_field_and_what_was_typed_stays(cast, coordinator, fields):
    fill_sheet(cast, 8)
    answer = coordinator.post(reverse("office:tables_make", args=[cast.session.code]), fields)
    assert answer.status_code == 422
    assert TablePlan.objects.count() == 0


def test_a_protected_person_stands_under_an_alias_on_every_screen(cast, coordinator):
    fill_sheet(cast, 5)
    give_place(cast.activity, cast.protected)
    made(cast.session, rounds=1)
    code = cast.session.code
    for address in (page_of(cast.session), reverse("office:tables_wall", args=[code]),
                    reverse("office:table", args=[code, 1, 1]), reverse("office:table", args=[code, 1, 2])):  # fmt: skip
        said = coordinator.get(address).content.decode()
        assert cast.protected.family_name not in said
    assert cast.protected.code[:4] in coordinator.get(page_of(cast.session)).content.decode()


def test_a_pair_is_kept_a_note_is_written_and_a_seat_is_moved_by_forms(cast, coordinator):
    rows = fill_sheet(cast, 6)
    plan = made(cast.session, rounds=1)
    code = cast.session.code
    coordinator.post(
        reverse("office:tables_pair_add", args=[code]),
        {"one": rows[0].pk, "other": rows[1].pk, "kind": "apart"},
    )
    assert plan.pairs.count() == 1
    coordinator.post(reverse("office:table_note", args=[code, 1, 1]), {"text": "Needs"})
    assert plan.notes.get().text == "Needs"
    seat = plan.seats.filter(table=1).first()
    coordinator.post(reverse("office:table_seat_move", args=[seat.pk]), {"table": 2})
    seat.refresh_from_db()
    assert seat.table == 2 and seat.is_locked
    same = coordinator.post(
        reverse("office:tables_pair_add", args=[code]),
        {"one": rows[0].pk, "other": rows[0].pk, "kind": "apart"},
    )
    assert same.status_code == 422


def test_the_page_costs_the_same_for_few_and_for_many(cast, coordinator):
    fill_sheet(cast, 6)
    made(cast.session)
    coordinator.get(page_of(cast.session))
    with CaptureQueriesContext(
        connection,
    ) as few:
        coordinator.get(page_of(cast.session))
    for row in range(6, 60):
        from tests.cast import make_person

        give_place(cast.activity, make_person(f"Person{row}", "Många"))
    made(cast.session, tables=8, rounds=4)
    with CaptureQueriesContext(connection) as many:
        coordinator.get(page_of(cast.session))
    assert len(many) == len(few)


def test_my_place_says_my_tables_and_nobody_elses(cast):
    fill_sheet(cast, 8)
    plan = made(cast.session, tables=4, rounds=3)
    plans.show_tables(plan, by=THE_SHELL)
    row = (
        Attendance.objects.filter(session=cast.session, registration__isnull=False)
        .select_related("registration")
        .first()
    )
    numbers = list(plan.seats.filter(attendance=row).order_by("round").values_list("table", flat=True))
    client = signed_in_client(None)
    said = client.get(f"/en/place/{place_token(row.registration)}/").content.decode()
    assert f"Table {numbers[0]}, then {numbers[1]}, then {numbers[2]}" in said
