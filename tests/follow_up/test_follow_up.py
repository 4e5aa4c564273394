"""After an activity: what is told, what is shown to whom, what is to be done, and the meeting that follows."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from samverk.activities.choices import Mark, Representation
from samverk.activities.commands.activities import publish_activity
from samverk.activities.commands.registrations import register_for
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Attendance, Session
from samverk.follow_up.commands.materials import add_file, add_link, remove_material
from samverk.follow_up.commands.next_meetings import plan_next_meeting
from samverk.follow_up.commands.summaries import draft_summary, publish_summary, write_summary
from samverk.follow_up.commands.tasks import add_task, finish_task
from samverk.follow_up.models import Material, NextMeeting, Task
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.cast import as_person, in_days, signed_in_client


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def here(cast, *people):
    """Registered, and marked as present."""
    made = []
    for person in people:
        registration = register_for(
            cast.activity,
            person=person,
            organisation=cast.organisation,
            language="sv",
            by=as_person(cast.coordinator),
        )
        Attendance.objects.filter(registration=registration).update(
            mark=Mark.HERE, representation=Representation.CONFIRMED
        )
        made.append(registration)
    return made


def is_over(cast):
    """The activity was last week."""
    starts = timezone.now() - timedelta(days=7)
    Session.objects.filter(pk=cast.session.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    Activity.objects.filter(pk=cast.activity.pk).update(
        starts_at=starts, ends_at=starts + timedelta(hours=2), audience="public"
    )
    cast.activity.refresh_from_db()


def test_a_draft_says_who_came_from_which_sector_in_the_language_of_the_activity(cast):
    here(cast, cast.participant, cast.representative)
    Activity.objects.filter(pk=cast.activity.pk).update(language="sv")
    cast.activity.refresh_from_db()
    text = draft_summary(cast.activity, by=as_person(cast.coordinator)).text
    assert "2 personer kom från 1 organisation: 1 förening." in text


def test_a_draft_names_no_person(cast):
    here(cast, cast.participant, cast.protected)
    text = draft_summary(cast.activity, by=as_person(cast.coordinator)).text
    assert "Parkvall" not in text and "Skyddsvik" not in text


def test_words_written_by_hand_are_never_written_over_by_a_draft(cast):
    write_summary(cast.activity, text="Our own words.", by=as_person(cast.coordinator))
    assert draft_summary(cast.activity, by=as_person(cast.coordinator)).text == "Our own words."


def test_nothing_empty_and_nothing_private_is_published(cast):
    with pytest.raises(Refusal) as no:
        publish_summary(cast.activity, by=as_person(cast.coordinator))
    assert no.value.code == "empty"
    write_summary(cast.activity, text="Told.", by=as_person(cast.coordinator))
    Activity.objects.filter(pk=cast.activity.pk).update(audience="members")
    cast.activity.refresh_from_db()
    with pytest.raises(Refusal) as no:
        publish_summary(cast.activity, by=as_person(cast.coordinator))
    assert no.value.code == "not_public"


def test_what_is_published_stands_on_the_public_page_and_what_is_withdrawn_does_not(cast, sign_in, client):
    is_over(cast)
    address = reverse("public:activity", args=[cast.activity.code])
    write_summary(cast.activity, text="Fifteen associations talked.", by=as_person(cast.coordinator))
    assert "Fifteen associations" not in client.get(address).text
    office = sign_in(cast.coordinator)
    office.post(reverse("office:summary_publish", args=[cast.activity.code]))
    assert "Fifteen associations" in client.get(address).text
    office.post(reverse("office:summary_withdraw", args=[cast.activity.code]))
    assert "Fifteen associations" not in client.get(address).text


def test_a_picture_without_a_description_or_a_right_is_refused_at_its_field(cast):
    by = as_person(cast.coordinator)
    for fields, field in (({"rights": "own"}, "described"), ({"described": "A table"}, "rights")):
        with pytest.raises(Refusal) as no:
            add_file(cast.activity, picture(), "a.jpg", title="", audience="present", by=by, **fields)
        assert no.value.field == field
    assert not Material.objects.exists()


def test_a_file_that_is_no_picture_and_no_pdf_is_refused_and_the_words_stay(cast, sign_in):
    page = sign_in(cast.coordinator).post(
        reverse("office:material_add", args=[cast.activity.code]),
        {
            "title": "Slides of the day", "audience": "present", "rights": "own",
            "file": SimpleUploadedFile("slides.pdf", b"<script>alert(1)</script>"),
        },
    )  # fmt: skip
    assert page.status_code == 422 and "Slides of the day" in page.text and not Material.objects.exists()


def test_material_reaches_those_who_were_there_and_nobody_else(cast, client):
    came, stayed_away = here(cast, cast.participant, cast.representative)
    Attendance.objects.filter(registration=stayed_away).update(mark=Mark.ABSENT)
    by = as_person(cast.coordinator)
    slides = add_file(
        cast.activity, BytesIO(b"%PDF-1.4"), "s.pdf", title="Slides", audience="present", rights="own", by=by
    )
    assert "Slides" in client.get(reverse("portal:place", args=[place_token(came)])).text
    assert "Slides" not in client.get(reverse("portal:place", args=[place_token(stayed_away)])).text
    for registration, status in ((came, 200), (stayed_away, 404)):
        address = reverse("portal:place_material", args=[place_token(registration), slides.code])
        assert client.get(address).status_code == status
    assert client.get(reverse("public:material", args=[slides.code])).status_code == 404


def test_a_public_picture_stands_on_the_page_with_its_description(cast, client):
    is_over(cast)
    add_file(
        cast.activity, picture(), "bord.jpg", title="Table one", audience="public", rights="own",
        described="Five people around a table", by=as_person(cast.coordinator),
    )  # fmt: skip
    page = client.get(reverse("public:activity", args=[cast.activity.code])).text
    assert 'alt="Five people around a table"' in page


def test_material_taken_away_is_nobodys_and_comes_back_by_undo(cast, client):
    by = as_person(cast.coordinator)
    link = add_link(cast.activity, link="https://example.org/x", title="Film", audience="public", by=by)
    remove_material(link, by=by)
    assert not Material.objects.filter(removed_at=None).exists()
    undo(Entry.objects.get(verb="remove_material"), by=by)
    assert Material.objects.filter(removed_at=None).count() == 1


def test_a_task_waits_for_its_owner_until_it_is_done(cast, sign_in):
    by = as_person(cast.coordinator)
    task = add_task(
        cast.activity, text="Send the minutes", owner=cast.coordinator, due=timezone.localdate(), by=by
    )
    office = sign_in(cast.coordinator)
    assert "Task of yours" in office.get(reverse("office:today")).text
    office.post(reverse("office:task_finish", args=[task.code]), {"outcome": "Sent to all"})
    task.refresh_from_db()
    assert task.done_by == cast.coordinator and task.outcome == "Sent to all"
    assert "Task of yours" not in office.get(reverse("office:today")).text


def test_a_task_done_by_mistake_is_taken_up_again(cast):
    by = as_person(cast.coordinator)
    task = finish_task(add_task(cast.activity, text="Ring", by=by), by=by)
    undo(Entry.objects.get(verb="finish_task", thing_id=task.pk), by=by)
    assert Task.objects.get().done_at is None


def test_tasks_of_another_programme_are_not_found(cast, sign_in):
    task = add_task(cast.activity, text="Ring", by=as_person(cast.coordinator))
    assert (
        sign_in(cast.other_coordinator).post(reverse("office:task_finish", args=[task.code])).status_code
        == 404
    )


def test_the_next_meeting_is_a_draft_that_knows_on_what_it_follows(cast, sign_in):
    starts = in_days(90, 9)
    made = plan_next_meeting(
        cast.activity, title="Follow-up", starts_at=starts, ends_at=starts + timedelta(hours=2),
        by=as_person(cast.coordinator),
    )  # fmt: skip
    assert made.state == "draft" and made.sessions.get().planned_minutes == 120
    assert NextMeeting.objects.get().before == cast.activity
    page = sign_in(cast.coordinator).get(reverse("office:follow_up", args=[cast.activity.code])).text
    assert "Follow-up" in page


def test_the_page_costs_the_same_with_much_on_it(cast, sign_in, queries):
    client, by = sign_in(cast.coordinator), as_person(cast.coordinator)
    address = reverse("office:follow_up", args=[cast.activity.code])

    def more(number: int) -> None:
        add_task(cast.activity, text=f"Task {number}", owner=cast.coordinator, by=by)
        add_link(cast.activity, link=f"https://example.org/{number}", title="", audience="present", by=by)

    more(0)
    client.get(address)
    one = queries(lambda: client.get(address))
    for number in range(1, 15):
        more(number)
    assert queries(lambda: client.get(address)) == one
    listed = reverse("office:tasks_to_do")
    many = queries(lambda: client.get(listed))
    Task.objects.exclude(text="Task 0").delete()
    assert queries(lambda: client.get(listed)) == many


def test_to_the_next_meeting_those_of_the_one_before_are_invited_in_one_step(cast):
    starts = cast.session.starts_at + timedelta(days=40)
    made = plan_next_meeting(
        cast.activity, title="Once more", starts_at=starts, ends_at=starts + timedelta(hours=2), by=THE_SHELL
    )
    publish_activity(made, by=THE_SHELL)
    page = signed_in_client(cast.coordinator).get(f"/office/activities/{made.code}/invitations/new/")
    assert f'<option value="{cast.activity.code}" selected>' in page.content.decode()
