"""Checking in on one's own phone: by the code on the wall, a ticket, a personal link; what others learn of a ticket."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from samverk.activities.commands.attendance import add_walk_in
from samverk.activities.messages import compose, place_token, ticket_address
from samverk.activities.models import Activity, Attendance, Registration
from samverk.activities.tickets import in_groups
from samverk.activities.wall_codes import door_pass, wall_code
from samverk.post.commands import queue_mail
from samverk.post.composing import kept_text, to_email
from samverk.post.models import Mail
from tests.activities.sheets import begin, give_place
from tests.cast import as_person, make_person


@pytest.fixture
def place(cast) -> Registration:
    registration = give_place(cast.activity, cast.participant)
    begin(cast.session)
    cast.session.refresh_from_db()
    return registration


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def wall(cast) -> str:
    return wall_code(cast.session, timezone.now())


def row_of(place) -> Attendance:
    return Attendance.objects.get(registration=place)


# ---------- the ticket ----------


def test_a_ticket_tells_a_stranger_the_event_and_nothing_of_whose_it_is(cast, place, client):
    page = words_of(client.get(reverse("portal:ticket", args=[place.check_in_code])))
    assert "A ticket of this event" in page and cast.activity.title in page
    assert "Parkvall" not in page and "Pia" not in page


def test_a_ticket_of_a_private_event_does_not_even_tell_the_event(cast, place, client):
    Activity.objects.filter(pk=cast.activity.pk).update(audience="private")
    page = words_of(client.get(reverse("portal:ticket", args=[place.check_in_code])))
    assert cast.activity.title not in page


def test_her_own_ticket_leads_to_her_place(cast, place, sign_in):
    answer = sign_in(cast.participant).get(reverse("portal:ticket", args=[place.check_in_code]))
    assert answer["Location"] == reverse("portal:place", args=[place_token(place)])


def test_a_code_that_nobody_has_is_not_found(cast, client):
    assert client.get(reverse("portal:ticket", args=["BKDMPQRSTVWX"])).status_code == 404


def test_the_place_shows_the_ticket_large_until_it_is_over(cast, place, client):
    token = place_token(place)
    page = words_of(client.get(reverse("portal:place", args=[token])))
    assert in_groups(place.check_in_code) in page and "<svg" in page
    begin(cast.session, 600)
    assert in_groups(place.check_in_code) not in words_of(client.get(reverse("portal:place", args=[token])))


def test_the_ticket_prints_as_a_card(cast, place, client):
    answer = client.get(reverse("portal:place_ticket", args=[place_token(place)]))
    document = PdfReader(BytesIO(b"".join(answer.streaming_content)))
    text = document.pages[0].extract_text()
    assert in_groups(place.check_in_code) in text and "Pia Parkvall" in text and len(document.pages) == 1


@pytest.mark.parametrize("name", ["א" * 40, "محمد بن عبد الله", "#panic()", "x" * 100, "Ł" * 60])
def test_a_ticket_prints_whatever_the_name(cast, client, name):
    place = give_place(cast.activity, make_person("X", "Y"))
    Registration.objects.filter(pk=place.pk).update(given_name=name, family_name=name)
    answer = client.get(reverse("portal:place_ticket", args=[place_token(place)]))
    assert len(PdfReader(BytesIO(b"".join(answer.streaming_content))).pages) == 1


def test_without_a_place_there_is_no_ticket(cast, place, client):
    Registration.objects.filter(pk=place.pk).update(state="waiting")
    assert client.get(reverse("portal:place_ticket", args=[place_token(place)])).status_code == 404


# ---------- the mail ----------


def _mail(place) -> tuple[Mail, object]:
    mail = queue_mail(
        "activities.registration", to="pia@example.org", language="en", scope="", thing_id=place.pk, facts={"why": "place"}
    )  # fmt: skip
    return mail, compose(mail)


def test_the_mail_with_the_place_carries_the_ticket_as_picture_and_in_letters(cast, place):
    mail, message = _mail(place)
    letter = to_email(mail, message).message()
    pictures = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 1 and pictures[0]["Content-ID"] == "<ticket>"
    words = letter.get_body(("plain",)).get_content()
    assert in_groups(place.check_in_code) in words
    assert 'src="cid:ticket"' in letter.get_body(("html",)).get_content()


def test_the_picture_in_the_mail_holds_the_address_of_the_ticket(cast, place):
    picture = Image.open(BytesIO(_mail(place)[1].figure.picture))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [ticket_address(place)]


def test_what_the_office_keeps_of_the_mail_has_no_ticket(cast, place):
    mail, message = _mail(place)
    assert in_groups(place.check_in_code) not in "".join(kept_text(mail, message))


def test_who_waits_gets_no_ticket(cast, place):
    Registration.objects.filter(pk=place.pk).update(state="waiting", queued_at=timezone.now())
    assert _mail(place)[1].figure is None


# ---------- the code on the wall ----------


def test_the_wall_asks_who_and_one_press_marks_who_is_signed_in(cast, place, sign_in):
    client = sign_in(cast.participant)
    page = words_of(client.get(reverse("portal:here"), {"code": wall(cast)}))
    assert "Is it you, Pia Parkvall?" in page
    assert row_of(place).mark == "none"
    answer = client.post(reverse("portal:here_check_in"), {"pass": door_pass(cast.session)}, follow=True)
    assert "You are marked as here" in words_of(answer)
    assert (row_of(place).mark, row_of(place).evidence) == ("here", "self_check_in")
    assert row_of(place).marked_by == cast.participant


def test_who_is_not_signed_in_names_her_ticket_and_is_not_named(cast, place, client):
    page = words_of(client.get(reverse("portal:here"), {"code": wall(cast)}))
    assert "Who are you?" in page
    typed = {"pass": door_pass(cast.session), "ticket": in_groups(place.check_in_code).lower()}
    answer = client.post(reverse("portal:here_check_in"), typed, follow=True)
    assert "You are marked as here" in words_of(answer) and "Parkvall" not in words_of(answer)
    assert row_of(place).evidence == "self_check_in"


@pytest.mark.parametrize("ticket", ["", "BKDMPQRSTVWX", "nonsense", "x" * 200])
def test_a_ticket_that_is_none_is_refused_at_its_field(cast, place, client, ticket):
    typed = {"pass": door_pass(cast.session), "ticket": ticket}
    answer = client.post(reverse("portal:here_check_in"), typed)
    assert answer.status_code == 422 and "No ticket has this code" in words_of(answer)
    assert row_of(place).mark == "none"


def test_a_code_from_a_minute_ago_opens_nothing(cast, place, client):
    old = wall_code(cast.session, timezone.now() - timedelta(seconds=90))
    answer = client.get(reverse("portal:here"), {"code": old})
    assert answer.status_code == 422 and "does not stand on the wall now" in words_of(answer)


def test_a_pass_runs_out(cast, place, client, monkeypatch):
    token = door_pass(cast.session)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 700)
    answer = client.post(
        reverse("portal:here_check_in"), {"pass": token, "ticket": place.check_in_code}, follow=True
    )
    assert "more than ten minutes" in words_of(answer) and row_of(place).mark == "none"


def test_who_is_not_on_the_list_is_sent_to_the_door(cast, place, sign_in):
    answer = sign_in(cast.mentor).post(reverse("portal:here_check_in"), {"pass": door_pass(cast.session)})
    assert answer.status_code == 422 and "Ask at the door" in words_of(answer)


def test_who_stands_on_the_sheet_without_a_registration_checks_in_too(cast, place, sign_in):
    row = add_walk_in(cast.session, name="", person=cast.representative, by=as_person(cast.leader))
    Attendance.objects.filter(pk=row.pk).update(mark="none")
    sign_in(cast.representative).post(reverse("portal:here_check_in"), {"pass": door_pass(cast.session)})
    assert Attendance.objects.get(pk=row.pk).evidence == "self_check_in"


def test_too_many_tries_from_one_address_are_stopped(cast, place, client, monkeypatch):
    monkeypatch.setattr("samverk.portal.views.check_in.MOST_A_MINUTE", 3)
    answers = [client.get(reverse("portal:here"), {"code": "BKDMPQ"}) for _try in range(5)]
    assert "Too many tries" in words_of(answers[-1])


def test_the_code_of_another_session_does_not_check_in_by_the_personal_link(cast, place, client):
    from tests.cast import make_activity

    _activity, other = make_activity(cast.programme, title="Next door")
    begin(other)
    code = wall_code(other, timezone.now())
    client.post(reverse("portal:place_here", args=[place_token(place)]), {"code": code})
    assert row_of(place).mark == "none"


def test_the_personal_link_checks_in_with_the_code_on_the_wall(cast, place, client):
    token = place_token(place)
    assert "Are you in the room?" in words_of(client.get(reverse("portal:place", args=[token])))
    answer = client.post(
        reverse("portal:place_here", args=[token]), {"code": wall(cast).lower()}, follow=True
    )
    assert "You are marked as here" in words_of(answer)
    assert row_of(place).marked_by == cast.participant


def test_before_the_sheet_opens_the_place_asks_for_no_code(cast, client):
    place = give_place(cast.activity, cast.participant)
    page = words_of(client.get(reverse("portal:place", args=[place_token(place)])))
    assert "Are you in the room?" not in page and in_groups(place.check_in_code) in page
