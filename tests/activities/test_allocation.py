"""Ranked wishes: shown with reasons, published in one step, whole or not at all."""

from __future__ import annotations

import pytest

from samverk.activities.allocation import allocate, wishes_counted
from samverk.activities.commands.allocating import publish_allocation
from samverk.activities.commands.cohorts import add_cohort, put_into_cohort
from samverk.activities.models import Activity, Attendance, Registration
from samverk.activities.queries import registration_faults
from samverk.activities.sheet_queries import sheet_faults
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.post.models import Mail
from samverk.trail.models import Entry
from tests.activities.places import an_activity, come, mails_about
from tests.activities.test_race import act_and_die, same_database  # noqa: F401

ACT = """
from samverk.activities.allocation import allocate
from samverk.activities.commands.allocating import publish_allocation
from samverk.activities.models import Activity
from samverk.kit.acting import THE_SHELL
"""


def an_activity_with_wishes() -> tuple[Activity, list[Registration]]:
    """Three people want Monday first, which has one place; the last can come on Monday only."""
    activity = an_activity(None, asks_wishes=True)
    monday, friday = (
        add_cohort(activity, name=name, capacity=places, by=THE_SHELL)
        for name, places in (("Monday", 1), ("Friday", 1))
    )
    both = [monday.pk, friday.pk]
    people = [come(activity, name, wishes=both) for name in ("Anna", "Bo")]
    people.append(come(activity, "Cia", wishes=[monday.pk]))
    return Activity.objects.get(pk=activity.pk), people


def groups_of(activity: Activity) -> dict[str, str | None]:
    return dict(activity.registrations.values_list("given_name", "cohort__name"))


def test_as_many_as_possible_get_a_wish_and_each_reads_why(db):
    activity, _people = an_activity_with_wishes()
    found = allocate(activity)
    assert [(row.registration.given_name, row.cohort and row.cohort.name, row.rank) for row in found.rows] == [
        ("Anna", "Monday", 1), ("Bo", "Friday", 2), ("Cia", None, None),
    ]  # fmt: skip
    assert found.rows[1].why == "Second wish. Monday is full (places: 1, first wishes: 3)."
    assert found.by_rank == {1: 1, 2: 1, 3: 0, None: 1}
    assert [(one.first, one.second, one.left) for one in wishes_counted(activity)] == [(3, 0, 1), (0, 2, 1)]
    assert groups_of(activity) == {"Anna": None, "Bo": None, "Cia": None}


def test_publishing_gives_what_was_shown_and_tells_each_once(db):
    activity, people = an_activity_with_wishes()
    publish_allocation(activity, seen=allocate(activity).seen, by=THE_SHELL)
    assert groups_of(activity) == {"Anna": "Monday", "Bo": "Friday", "Cia": None}
    assert [mails_about(one)[-1] for one in people] == ["allocated"] * 3
    assert sheet_faults() == registration_faults() == []
    # Who comes afterwards chooses a group, and waits where it is full.
    after = Activity.objects.get(pk=activity.pk)
    assert (after.asks_wishes, after.asks_cohort) == (False, True)
    late = come(after, "Dag", cohort=after.cohorts.first())
    assert Registration.objects.get(pk=late.pk).state == "waiting"


def test_what_changed_since_it_was_looked_at_is_not_published(db):
    activity, people = an_activity_with_wishes()
    seen = allocate(activity).seen
    put_into_cohort(people[2], activity.cohorts.first(), by=THE_SHELL)
    with pytest.raises(Refusal) as refused:
        publish_allocation(activity, seen=seen, by=THE_SHELL)
    assert refused.value.code == "changed"
    assert groups_of(activity) == {"Anna": None, "Bo": None, "Cia": "Monday"}


def test_wishes_are_three_at_most_and_of_this_activity(db):
    activity, _people = an_activity_with_wishes()
    for wishes in ([activity.cohorts.first().pk] * 4, [10**6]):
        with pytest.raises(Refusal) as refused:
            come(activity, "Eva", wishes=wishes)
        assert refused.value.code == "other_activity"


@pytest.mark.django_db(transaction=True)
def test_killed_while_publishing_nobody_is_in_a_group_and_nobody_is_told(same_database):  # noqa: F811
    activity, _people = an_activity_with_wishes()
    act = (
        f"found = Activity.objects.get(pk={activity.pk})\n"
        "publish_allocation(found, seen=allocate(found).seen, by=THE_SHELL)"
    )
    act_and_die("allocation.before_commit", ACT + act, same_database)
    assert groups_of(activity) == {"Anna": None, "Bo": None, "Cia": None}
    assert not Mail.objects.filter(facts__why="allocated").exists()
    assert not Entry.objects.filter(verb="allocate_groups").exists()
    publish_allocation(activity, seen=allocate(activity).seen, by=THE_SHELL)
    assert Attendance.objects.filter(registration__cohort__isnull=False).count() == 2
