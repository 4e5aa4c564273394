"""Groups in the office and on the public page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.cohorts import add_cohort
from samverk.activities.models import Activity, Cohort, Registration
from samverk.kit.acting import THE_SHELL
from tests.activities.sheets import fill_sheet


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.coordinator)


@pytest.fixture
def north(cast) -> Cohort:
    return add_cohort(cast.activity, name="North", place="Suwałki", capacity=1, by=THE_SHELL)


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_group_is_added_changed_and_removed(cast, office):
    code = cast.activity.code
    typed = {"name": "North", "place": "Suwałki", "capacity": "12"}
    assert "North is added." in words_of(
        office.post(reverse("office:cohort_add", args=[code]), typed, follow=True)
    )
    again = office.post(reverse("office:cohort_add", args=[code]), typed)
    assert (again.status_code, "There is a group with this name" in words_of(again)) == (422, True)
    north = Cohort.objects.get()
    office.post(reverse("office:cohort_edit", args=[north.code]), typed | {"name": "Far north"})
    assert Cohort.objects.get().name == "Far north"
    office.post(reverse("office:cohort_remove", args=[north.code]))
    assert not Cohort.objects.exists()


def test_those_ticked_go_into_the_group_as_far_as_its_places_reach(cast, office, north):
    fill_sheet(cast, 3)
    picks = list(cast.activity.registrations.values_list("code", flat=True))
    page = office.post(
        reverse("office:cohort_put", args=[cast.activity.code]),
        {"pick": picks, "cohort": north.code},
        follow=True,
    )
    assert "1 person has changed group. North is full." in words_of(page)
    assert Registration.objects.filter(cohort=north).count() == 1


@pytest.mark.parametrize("people", [1, 12])
def test_the_list_asks_the_same_whatever_its_length(
    cast, office, north, people, django_assert_max_num_queries
):
    fill_sheet(cast, min(people, 5))
    for number in range(people - 5):
        add_cohort(cast.activity, name=f"G{number}", by=THE_SHELL)
    with django_assert_max_num_queries(16):
        office.get(reverse("office:cohorts", args=[cast.activity.code]))


def test_a_session_is_for_the_groups_that_are_ticked(cast, office, north):
    typed = {
        "day": "2027-06-01", "starts": "18", "ends": "20", "time_zone": "Europe/Stockholm", "cohorts": [north.code],
    }  # fmt: skip
    office.post(reverse("office:session_create", args=[cast.activity.code]), typed)
    session = cast.activity.sessions.order_by("-starts_at").first()
    assert list(session.cohorts.all()) == [north]
    assert "North" in words_of(office.get(reverse("office:activity", args=[cast.activity.code])))
    office.post(reverse("office:session_move", args=[session.code]), typed | {"cohorts": []})
    assert not session.cohorts.exists()


def test_a_visitor_chooses_her_group_and_reads_which_is_full(cast, office, north, client):
    add_cohort(cast.activity, name="South", by=THE_SHELL)
    office.post(reverse("office:cohorts_asked", args=[cast.activity.code]), {"asks": "1"})
    page = reverse("public:activity", args=[cast.activity.code])
    assert "Suwałki. 1 place left" in words_of(client.get(page))
    typed = {"given_name": "Ida", "email": "ida@example.org"}
    address = reverse("public:registration_create", args=[cast.activity.code])
    assert "Choose your group" in words_of(client.post(address, typed))
    client.post(address, typed | {"cohort": north.code})
    assert Registration.objects.get(given_name="Ida").cohort == north
    assert "Full, you can stand on the waiting list" in words_of(client.get(page))


def test_staff_put_somebody_into_a_group_on_the_phone(cast, office, north):
    office.post(
        reverse("office:registration_create", args=[cast.activity.code]),
        {"given_name": "Ida", "language": "sv", "cohort": north.code},
    )
    assert Registration.objects.get(given_name="Ida").cohort == north


def test_an_activity_without_groups_asks_nobody(cast, client):
    edit_activity(cast.activity, asks_cohort=True, by=THE_SHELL)
    page = client.get(reverse("public:activity", args=[cast.activity.code]))
    assert "Your group" not in words_of(page)
    assert Activity.objects.get(pk=cast.activity.pk).cohorts.count() == 0


# ---------- wishes ----------


def test_wishes_are_ranked_on_the_page_looked_at_and_published(cast, office, north, client):
    south = add_cohort(cast.activity, name="South", by=THE_SHELL)
    code = cast.activity.code
    office.post(reverse("office:wishes_asked", args=[code]), {"asks": "1"})
    assert "Your second wish" in words_of(client.get(reverse("public:activity", args=[code])))
    address = reverse("public:registration_create", args=[code])
    client.post(
        address,
        {
            "given_name": "Ida",
            "email": "ida@example.org",
            "wish_1": north.code,
            "wish_2": north.code,
            "wish_3": "",
        },
    )
    ida = Registration.objects.get(given_name="Ida")
    assert ida.wishes == [north.pk]
    fill_sheet(cast, 2)
    Registration.objects.filter(activity=cast.activity, state="confirmed").update(wishes=[north.pk, south.pk])
    page = office.get(reverse("office:wishes", args=[code]))
    assert "1 of 2 get their first wish." in words_of(page)
    assert "Second wish. North is full (places: 1, first wishes: 2)." in words_of(page)
    stale = office.post(reverse("office:wishes_publish", args=[code]), {"seen": "x"}, follow=True)
    assert "Look at it again." in words_of(stale)
    seen = page.context["allocation"].seen
    done = office.post(reverse("office:wishes_publish", args=[code]), {"seen": seen}, follow=True)
    assert "2 people are told their group." in words_of(done)
