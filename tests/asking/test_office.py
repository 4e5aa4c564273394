from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Activity, Registration
from samverk.asking.commands.answering import register_with_answers
from samverk.asking.commands.asking import edit_asking, stop_asking
from samverk.asking.commands.opening import erase_protected, forget_answers
from samverk.asking.models import Asked, Given, Sealed
from samverk.asking.queries import faults, items_of
from samverk.asking.tables import Answers
from samverk.directory.merging import merge_rows
from samverk.kit.acting import THE_SHELL
from samverk.kit.exports import parts_of
from samverk.post.models import Mail
from samverk.questions.commands.questions import add_question
from samverk.questions.models import QuestionSet
from samverk.trail.models import Entry
from tests.asking.sets import FOOD, HOPES, PAPER, STAND, WAY, asked_in, key_of
from tests.cast import make_person, signed_in_client


def come(cast, name: str, answers: dict, **facts) -> Registration:
    person = facts.pop("person", None) or make_person(name, "Berg")
    return register_with_answers(
        register_for, cast.activity, answers, by=THE_SHELL, form_key=Registration().form_key, person=person,
        language="en", tell=False, **facts,
    )  # fmt: skip


def said_to(person, name: str, *args, **query) -> str:
    answer = signed_in_client(person).get(reverse(f"office:{name}", args=args), query)
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


# ---------- choosing ----------


def test_a_coordinator_asks_a_ready_set_then_questions_of_her_own_and_stops_with_undo(cast):
    browser = signed_in_client(cast.coordinator)
    code = cast.activity.code
    page = reverse("office:asking", args=[code])
    assert reverse("office:asking_add", args=[code]) in browser.get(page).content.decode()
    add = reverse("office:asking_add", args=[code])
    sent = {"questions": "shipped:registration-basics", "leaders_read": "on"}
    assert browser.post(add, sent)["Location"] == page
    assert browser.post(add, sent).status_code == 422, "twice"
    own = browser.post(add, {"questions": "own", "comes_as": ["speaker"]})
    made = QuestionSet.objects.get(is_shared=False)
    assert own["Location"] == reverse("office:question_set", args=[made.code])
    assert "no question in it yet" in browser.get(page).content.decode()
    asked = Asked.objects.get(question_set=made)
    assert asked.comes_as == ["speaker"]
    assert (
        "undo" in browser.post(reverse("office:asking_stop", args=[asked.code]), follow=True).content.decode()
    )
    asked.refresh_from_db()
    assert asked.stopped_at is not None


def test_own_questions_changed_after_answers_are_asked_in_their_newest_version(cast):
    asked = asked_in(cast.activity, HOPES)
    QuestionSet.objects.filter(pk=asked.question_set_id).update(is_shared=False)
    come(cast, "Anna", {"hopes": "Much"})
    asked.refresh_from_db()
    add_question(
        asked.question_set,
        kind="short",
        texts={"en": "Later question"},
        seen_by=["coordinator"],
        by=THE_SHELL,
    )
    said = said_to(cast.coordinator, "asking_answers", cast.activity.code)
    assert "Later question" in said and "Much" in said


# ---------- reading ----------


def test_counts_table_filter_and_exports_hold_what_the_reader_may_read(cast):
    asked = asked_in(cast.activity, WAY, HOPES | {"seen_by": ["coordinator"]}, FOOD)
    bus, bike = key_of(asked, "By bus"), key_of(asked, "By bike")
    come(cast, "Anna", {"way": bus, "hopes": "Planted hope", "food": "Planted nuts"})
    come(cast, "Bo", {"way": bike})
    code = cast.activity.code
    for name in ("asking", "asking_answers", "asking_csv"):
        for person in (cast.coordinator, cast.mentor, cast.leader):
            assert "Planted nuts" not in said_to(person, name, code)
    assert "Planted hope" in said_to(cast.coordinator, "asking_answers", code)
    assert "Planted hope" not in said_to(cast.mentor, "asking_answers", code)
    assert "Planted hope" in said_to(cast.leader, "asking_csv", code), "leaders read where it is said so"
    edit_asking(asked, leaders_read=False, by=THE_SHELL)
    assert "Planted hope" not in said_to(cast.leader, "asking_csv", code)
    narrowed = said_to(cast.coordinator, "asking_csv", code, question="way", answer=bike)
    assert "Bo Berg" in narrowed and "Anna Berg" not in narrowed
    assert (
        signed_in_client(cast.coordinator).get(reverse("office:asking_xlsx", args=[code])).status_code == 200
    )


def test_an_answer_of_an_organisation_counts_once_and_stands_at_each_of_its_people(cast):
    asked_in(cast.activity, STAND)
    come(cast, "Anna", {"stand": True}, organisation=cast.organisation)
    come(cast, "Bo", {}, organisation=cast.organisation)
    csv = said_to(cast.coordinator, "asking_csv", cast.activity.code)
    assert csv.count("Yes") == 2
    answers = Answers(cast.activity, items_of(cast.activity))
    rows = answers.counted(answers.going)
    assert [(one.label, one.number) for one in rows[0].choices] == [("Yes", 1), ("No", 0)]


def test_somebody_protected_stands_under_an_alias_and_her_words_do_not_stand_there(cast):
    asked_in(cast.activity, HOPES, FOOD)
    come(cast, "", {"hopes": "Planted hope", "food": "Planted nuts"}, person=cast.protected)
    said = said_to(cast.coordinator, "asking_answers", cast.activity.code)
    assert cast.protected.family_name not in said and "Planted hope" not in said
    names = reverse("office:asking_names", args=[cast.activity.code])
    said = signed_in_client(cast.coordinator).post(names).content.decode()
    assert cast.protected.family_name not in said and "Planted nuts" in said


def test_lists_of_answers_ask_as_many_questions_for_many_as_for_few(cast):
    asked = asked_in(cast.activity, WAY, HOPES, STAND, FOOD)
    browser = signed_in_client(cast.coordinator)
    Activity.objects.filter(pk=cast.activity.pk).update(capacity=200)
    pages = [
        reverse(f"office:{name}", args=[cast.activity.code])
        for name in ("asking", "asking_answers", "asking_protected")
    ]
    measured = []
    for round_of, number in enumerate((2, 20)):
        for n in range(number):
            answers = {"way": key_of(asked, "By bus"), "food": "Nuts", "hopes": "Yes"}
            come(cast, f"Given{round_of}{n}", answers, organisation=cast.organisation)
        counts = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                browser.get(page)
            counts.append(len(caught))
        measured.append(counts)
    assert measured[0] == measured[1]


# ---------- protected ----------


def test_names_are_opened_by_the_named_role_alone_and_each_reading_is_noted_by_name(cast):
    asked = asked_in(cast.activity, FOOD, HOPES)
    anna = come(cast, "Anna", {"food": "Planted nuts"})
    come(cast, "Bo", {})
    code = cast.activity.code
    shown = reverse("office:asking_protected", args=[code])
    names = reverse("office:asking_names", args=[code])
    browser = signed_in_client(cast.coordinator)
    before = browser.get(shown).content.decode()
    assert (
        "Anna" not in before
        and "Planted" not in before
        and not Entry.objects.filter(verb="read_protected").exists()
    )
    after = browser.post(names).content.decode()
    assert "Anna Berg" in after and "Planted nuts" in after
    entry = Entry.objects.get(verb="read_protected")
    assert (entry.actor, entry.thing_type, entry.thing_id) == (cast.coordinator, "registration", anna.pk)
    leader = signed_in_client(cast.leader)
    assert leader.post(names).status_code == 403
    edit_asking(asked, leaders_read_protected=True, by=THE_SHELL)
    assert leader.post(names).status_code == 200


def test_what_is_protected_stands_nowhere_else(cast):
    asked_in(cast.activity, FOOD)
    made = come(cast, "Anna", {"food": "Planted nuts"})
    for fields in Entry.objects.values():
        assert "Planted" not in json.dumps(fields, default=str)
    assert not Mail.objects.filter(facts__icontains="planted").exists()
    dump = io.StringIO()
    call_command("dumpdata", "asking", stdout=dump)
    assert "Planted" not in dump.getvalue() and "content" in dump.getvalue()
    assert "Planted" not in said_to(cast.coordinator, "registrations_csv", cast.activity.code)
    tables = [table for part in parts_of(made.person) for table in part.tables]
    assert any(row.get("answer") == "Planted nuts" for table in tables for row in table.rows), "it is hers"


@pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 0)])
def test_protected_answers_are_erased_thirty_days_after_the_last_session(cast, days, left):
    asked_in(cast.activity, FOOD, HOPES)
    come(cast, "Anna", {"food": "Nuts", "hopes": "Stay"})
    ends = Activity.objects.get(pk=cast.activity.pk).ends_at
    erase_protected(ends + timedelta(days=days))
    assert Sealed.objects.count() == left and Given.objects.count() == 1
    assert Entry.objects.filter(verb="erase_protected").count() == 1 - left


def test_protected_answers_of_a_place_given_up_do_not_wait_that_long(cast):
    asked_in(cast.activity, FOOD)
    made = come(cast, "Anna", {"food": "Nuts"})
    now = timezone.now()
    Registration.objects.filter(pk=made.pk).update(state=State.CANCELLED, cancelled_at=now)
    assert erase_protected(now + timedelta(days=1)) == 0 and erase_protected(now + timedelta(days=2)) == 1


def test_an_erasure_leaves_no_answer_and_the_doctor_finds_what_was_forgotten(cast):
    asked = asked_in(cast.activity, FOOD, HOPES)
    made = come(cast, "Anna", {"food": "Nuts", "hopes": "Much"})
    assert faults() == []
    Activity.objects.filter(pk=cast.activity.pk).update(ends_at=timezone.now() - timedelta(days=40))
    assert made.code in faults()[0]
    forget_answers(made.person)
    assert not Given.objects.exists() and not Sealed.objects.exists() and faults() == []
    stop_asking(asked, by=THE_SHELL)


def test_a_changed_secret_opens_what_the_old_one_sealed_and_a_lost_one_is_said(cast, settings):
    asked_in(cast.activity, FOOD)
    made = come(cast, "Anna", {"food": "Nuts"})
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert made.code in faults()[0]
    settings.SECRET_KEY_FALLBACKS = [old]
    assert faults() == []


def test_answers_of_somebody_who_never_confirmed_go_with_their_files(
    cast, django_capture_on_commit_callbacks
):
    asked_in(cast.activity, PAPER, HOPES)
    made = come(cast, "Anna", {"hopes": "Much"})
    place = default_storage.save("answers/nobody.pdf", ContentFile(b"%PDF-1.7"))
    paper = {"file": place, "name": "a.pdf", "media_type": "application/pdf", "digest": ""}
    Given.objects.update(answers={"paper": paper})
    Registration.objects.filter(pk=made.pk).update(state=State.EXPIRED, person=None)
    now = timezone.now()
    assert erase_protected(now + timedelta(days=29)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_protected(now + timedelta(days=31)) == 1
    assert not Given.objects.exists() and not default_storage.exists(place)


def test_a_merge_carries_answers_and_what_is_protected(cast):
    asked_in(cast.activity, FOOD, HOPES)
    made = come(cast, "Anna", {"food": "Nuts", "hopes": "Much"})
    survivor, absorbed = make_person("Anna", "Berg", email="other@example.org"), made.person
    merge_rows("person", survivor, absorbed, by=THE_SHELL)
    rows = [
        row
        for part in parts_of(survivor)
        for table in part.tables
        if table.name == "answers"
        for row in table.rows
    ]
    assert {row["answer"] for row in rows} == {"Nuts", "Much"}
    forget_answers(survivor)
    assert not Sealed.objects.exists()


def test_who_waits_is_not_counted_and_nobody_reads_her_allergies_yet(cast):
    asked = asked_in(cast.activity, WAY, FOOD)
    bus = key_of(asked, "By bus")
    come(cast, "Anna", {"way": bus, "food": "Nuts"})
    waits = come(cast, "Bo", {"way": bus, "food": "Planted milk"})
    Registration.objects.filter(pk=waits.pk).update(state=State.WAITING)
    answers = Answers(cast.activity, items_of(cast.activity))
    assert answers.counted(answers.going)[0].number == 1
    assert "On the waiting list" in said_to(cast.coordinator, "asking_answers", cast.activity.code)
    names = reverse("office:asking_names", args=[cast.activity.code])
    assert "Planted milk" not in signed_in_client(cast.coordinator).post(names).content.decode()
