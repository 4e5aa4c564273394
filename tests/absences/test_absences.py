from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverk.absences.commands import ask_correction, excuse_absence, forget_excuses, let_count
from samverk.absences.models import Excuse
from samverk.absences.queries import number_of, numbers_of
from samverk.activities.commands.registrations import cancel_registration, register_for
from samverk.activities.models import Activity, Attendance, Session
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.programmes.models import Programme
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.absences.places import missed
from tests.activities.sheets import give_place
from tests.cast import as_person, make_activity, make_person, signed_in_client


def text_of(client, name: str, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_an_absence_is_a_place_not_given_up_and_nobody_there_within_twelve_months(cast):
    siv = make_person("Siv", "Ek")
    missed(cast, siv)
    missed(cast, siv, days_ago=364)
    missed(cast, siv, days_ago=366)
    missed(cast, siv, mark="here")
    missed(cast, siv, mark="none")
    given_up = missed(cast, siv)
    cancel_registration(given_up, by=THE_SHELL, tell=False)
    still_open = missed(cast, siv)
    Session.objects.filter(activity=still_open.activity).update(state="planned")
    called_off = missed(cast, siv)
    Activity.objects.filter(pk=called_off.activity_id).update(state="cancelled")
    assert number_of(siv) == 2


def test_who_came_to_one_of_several_sessions_was_not_absent(cast):
    siv = make_person("Siv", "Ek")
    made = missed(cast, siv)
    activity = made.activity
    second = Session.objects.create(
        activity=activity,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        planned_minutes=60,
        state="done",
    )
    Attendance.objects.create(session=second, registration=made, person=siv, mark="part",
                              came_at=activity.starts_at, left_at=activity.ends_at)  # fmt: skip
    assert number_of(siv) == 0


def test_the_coordinator_sees_the_number_of_her_programmes_and_nobody_else_does(cast):
    siv = make_person("Siv", "Ek")
    missed(cast, siv)
    missed(cast, siv, programme=cast.other_programme)
    give_place(cast.activity, siv)
    page = reverse("office:activity", args=[cast.activity.code])
    assert "1 absence in 12 months" in signed_in_client(cast.coordinator).get(page).content.decode()
    for other in (cast.leader, cast.mentor, cast.partner_staff):
        assert "in 12 months" not in signed_in_client(other).get(page).content.decode()


def test_it_stands_where_a_coordinator_answers_who_asks_to_come(cast):
    Activity.objects.filter(pk=cast.activity.pk).update(needs_approval=True)
    siv = make_person("Siv", "Ek")
    missed(cast, siv)
    made = give_place(cast.activity, siv)
    type(made).objects.filter(pk=made.pk).update(state="applied")
    said = text_of(signed_in_client(cast.coordinator), "office:applications", cast.activity.code)
    assert "1 absence in 12 months" in said


def test_a_coordinator_excuses_with_a_reason_and_takes_it_back(cast):
    siv = make_person("Siv", "Ek")
    made = missed(cast, siv)
    browser = signed_in_client(cast.coordinator)
    excuse = reverse("office:absence_excuse", args=[made.code])
    browser.post(excuse, {"because": " "})
    assert number_of(siv) == 1, "not without a reason"
    browser.post(excuse, {"because": "Her mail lay unread"})
    assert number_of(siv) == 0 and Entry.objects.filter(verb="excuse_absence", thing_id=made.pk).exists()
    assert "Her mail lay unread" in text_of(browser, "office:absences", siv.code)
    assert "Her mail" not in str(list(Entry.objects.values_list("values", "reason")))
    browser.post(reverse("office:absence_count", args=[made.code]))
    assert number_of(siv) == 1
    undo(Entry.objects.filter(verb="let_absence_count").latest("pk"), by=as_person(cast.coordinator))
    assert number_of(siv) == 0
    undo(Entry.objects.filter(verb="excuse_absence").latest("pk"), by=as_person(cast.coordinator))
    assert number_of(siv) == 1 and not Excuse.objects.exists()


def test_the_person_sees_the_list_and_asks_and_it_counts_until_somebody_answers(cast):
    siv = make_person("Siv", "Ek")
    made = missed(cast, siv)
    browser = signed_in_client(siv)
    assert reverse("portal:absences") in text_of(browser, "portal:home")
    said = text_of(browser, "portal:absences")
    assert "Missed" in said and "No rule acts on it" in said
    browser.post(reverse("portal:absence_ask", args=[made.code]), {"because": "I was there"})
    assert number_of(siv) == 1
    assert reverse("office:absences", args=[siv.code]) in text_of(
        signed_in_client(cast.coordinator), "office:today"
    )
    assert "I was there" in text_of(signed_in_client(cast.coordinator), "office:absences", siv.code)
    excuse_absence(made, because="", by=as_person(cast.coordinator))
    assert number_of(siv) == 0 and Excuse.objects.get().because == "I was there"
    assert reverse("portal:absences") not in text_of(browser, "portal:home")
    with pytest.raises(Refusal):
        ask_correction(made, because="again", by=as_person(siv))
    assert signed_in_client(cast.participant).post(
        reverse("portal:absence_ask", args=[made.code]), {"because": "x"}
    ).status_code == 404  # fmt: skip


def test_no_rule_acts_on_it(cast):
    """Whoever was absent ten times gets a place like anybody else, and stands no further back."""
    siv, bo = make_person("Siv", "Ek"), make_person("Bo", "Ek")
    for _n in range(10):
        missed(cast, siv)
    activity, _session = make_activity(cast.programme, title="Next", capacity=1)
    first = register_for(activity, person=siv, language="sv", by=THE_SHELL, tell=False)
    second = register_for(activity, person=bo, language="sv", by=THE_SHELL, tell=False)
    assert (first.state, second.state) == ("confirmed", "waiting")


def test_a_list_asks_one_question_however_many_stand_on_it(cast):
    browser = signed_in_client(cast.coordinator)
    page = reverse("office:activity", args=[cast.activity.code])
    counts = []
    for round_of in range(2):
        for n in range(2 + 8 * round_of):
            siv = make_person(f"Siv{round_of}{n}", "Ek")
            missed(cast, siv)
            give_place(cast.activity, siv)
        with CaptureQueriesContext(connection) as caught:
            browser.get(page)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    people = [one.person_id for one in cast.activity.registrations.all()]
    with CaptureQueriesContext(connection) as caught:
        assert len(numbers_of(people, Programme.objects.all())) == 12
    assert len(caught) == 1


def test_an_erasure_forgets_the_reasons(cast):
    siv = make_person("Siv", "Ek")
    made = missed(cast, siv)
    excuse_absence(made, because="Told on the phone", by=THE_SHELL)
    let_count(made, by=THE_SHELL)
    assert number_of(siv) == 1
    forget_excuses(siv)
    assert not Excuse.objects.exists()
