from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from samverk.activities.commands.activities import cancel_activity
from samverk.activities.commands.sessions import move_session
from samverk.kit.acting import THE_SHELL
from samverk.kit.fold import fold
from samverk.public.figures import forget_figure
from samverk.public.kept_pages import forget_pages
from tests.activities.places import a_person, an_activity, come
from tests.cast import signed_in_client

pytestmark = pytest.mark.django_db


def calendar(client, **asked):
    return client.get(reverse("public:calendar"), asked)


def titles(page) -> list[str]:
    found = re.findall(r'<h3><a href="[^"]*" lang="\w\w">([^<]*)</a>', page.content.decode())
    return found or re.findall(r'<span class="num">[^<]*</span> ([^<]*)</a>', page.content.decode())


@pytest.fixture
def offered():
    """Four activities that differ in everything one can ask for."""
    an_activity(5, title="Money for all", themes=["Money"], place="Malmö", language="sv", hours_ahead=24 * 3)
    an_activity(
        1,
        title="Leading, gdzieś w Mikołowie",
        themes=["Leading"],
        place="Lund",
        language="pl",
        folded=fold("Leading Mikołów"),
        hours_ahead=24 * 5,
    )
    an_activity(
        None,
        title="Seen online",
        themes=["Money"],
        venue="",
        online_link="https://meet.example.org/x",
        language="en",
        hours_ahead=24 * 7,
    )
    come(an_activity(1, title="Nothing free", hours_ahead=24 * 9), "Anna")
    an_activity(5, title="Over since long", hours_ahead=-24 * 9)
    an_activity(5, title="Only for the team", audience="private")
    an_activity(5, title="Not yet", state="draft")


def test_the_list_shows_what_is_public_and_comes_by_day(client, offered):
    page = calendar(client)
    assert titles(page) == ["Money for all", "Leading, gdzieś w Mikołowie", "Seen online", "Nothing free"]
    assert page.content.decode().count('<section class="day">') == 4
    assert "<b>4 meetings</b> are coming." in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"theme": "Money"}, ["Money for all", "Seen online"]),
        ({"place": "Lund"}, ["Leading, gdzieś w Mikołowie"]),
        ({"language": "en"}, ["Seen online"]),
        ({"how": "online"}, ["Seen online"]),
        ({"how": "room", "language": "pl"}, ["Leading, gdzieś w Mikołowie"]),
        ({"free": "yes"}, ["Money for all", "Leading, gdzieś w Mikołowie", "Seen online"]),
        ({"q": "MIKOLOW"}, ["Leading, gdzieś w Mikołowie"]),
        ({"view": "past"}, ["Over since long"]),
        ({"theme": "Dancing"}, []),
    ],
)
def test_each_filter_narrows_the_list_and_the_feed_alike(client, offered, asked, found):
    assert titles(calendar(client, **asked)) == found
    if asked.get("view") != "past":
        feed = Calendar.from_ical(client.get(reverse("public:calendar_feed"), asked).content)
        named = {str(event["summary"]) for event in feed.walk("VEVENT")} - {"Over since long"}
        assert named == set(found)


def test_an_empty_answer_says_what_to_do(client, offered):
    words = calendar(client, theme="Dancing").content.decode()
    assert "Nothing fits your filter" in words and "Show everything" in words
    assert '<option value="Dancing" selected>' in words, "what was asked stays visible"


def test_the_month_is_a_table_with_a_head_and_today_marked(client):
    soon = an_activity(5, title="This very month", hours_ahead=1)
    day = timezone.localtime(soon.starts_at)
    page = calendar(client, view="month", month=f"{day:%Y-%m}").content.decode()
    assert page.count('<th scope="col">') == 7 and page.count('aria-current="date"') == 1
    assert "This very month" in page and re.search(r"<table[^>]*aria-labelledby", page)


@pytest.mark.parametrize("month", ["", "2026-13", "nonsense", "9999-12", "0001-01"])
def test_a_month_nobody_can_mean_is_this_month(client, month):
    assert calendar(client, view="month", month=month).status_code == 200


def test_a_cancelled_activity_stays_visible_as_cancelled(client):
    activity = an_activity(5, title="Fell through")
    cancel_activity(activity, reason="The hall burnt", by=THE_SHELL)
    assert "Cancelled" in calendar(client).content.decode()
    assert "The hall burnt" in client.get(reverse("public:activity", args=[activity.code])).content.decode()
    event = next(iter(Calendar.from_ical(client.get(reverse("public:calendar_feed")).content).walk("VEVENT")))
    assert event["status"] == "CANCELLED" and int(event["sequence"]) == 1


def test_a_moved_session_keeps_its_uid_and_raises_its_sequence(client):
    activity = an_activity(5)
    session = activity.sessions.get()
    address = reverse("public:activity_feed", args=[activity.code])
    before = next(iter(Calendar.from_ical(client.get(address).content).walk("VEVENT")))
    starts = session.starts_at + timedelta(days=1)
    move_session(
        session, starts_at=starts, ends_at=starts + timedelta(hours=2), planned_minutes=120, by=THE_SHELL
    )
    after = next(iter(Calendar.from_ical(client.get(address).content).walk("VEVENT")))
    assert before["uid"] == after["uid"] and int(after["sequence"]) == int(before["sequence"]) + 1
    assert after.decoded("dtstart") == starts.replace(microsecond=0)


def test_the_calendar_asks_the_same_number_of_questions_for_three_and_for_thirty(client, queries):
    browser = signed_in_client(a_person("Siv"))
    for number in range(3):
        come(an_activity(1, title=f"Meeting {number}"), "Anna")
    few = [queries(lambda: calendar(client)), queries(lambda: calendar(browser))]
    for number in range(27):
        an_activity(1, title=f"More {number}")
    many = [queries(lambda: calendar(client)), queries(lambda: calendar(browser))]
    assert many == few and max(many) <= 8


def test_a_long_calendar_has_pages(client):
    for number in range(31):
        an_activity(1, title=f"Meeting {number}", hours_ahead=24 + number)
    assert len(titles(calendar(client))) == 30 and len(titles(calendar(client, page="2"))) == 1


def test_the_front_page_shows_the_next_and_a_figure_from_attendance(client, offered):
    forget_figure()
    page = client.get(reverse("public:home")).content.decode()
    assert "Money for all" in page and 'class="figure"' not in page, "no figure before anybody was anywhere"


def test_the_figure_counts_each_organisation_once_and_only_confirmed_ones(client):
    from samverk.activities.models import Attendance
    from samverk.directory.commands import create_organisation

    session = an_activity(5, hours_ahead=-48).sessions.get()
    for name, said, mark in (
        ("A", "confirmed", "here"),
        ("B", "claimed", "here"),
        ("C", "confirmed", "absent"),
    ):
        club = create_organisation(f"Club {name}", by=THE_SHELL)
        for number in range(2):
            Attendance.objects.create(
                session=session,
                person=a_person(f"P{name}{number}"),
                organisation=club,
                representation=said,
                mark=mark,
            )
    forget_figure()
    page = client.get(reverse("public:home")).content.decode()
    forget_figure()
    assert '<span class="big">1</span>' in page and "organisation has taken part since" in page


# ---------- kept pages ----------


@pytest.fixture
def kept(settings):
    settings.KEPT_PAGE_SECONDS = 20
    forget_pages()
    yield
    forget_pages()


def test_a_visitors_page_is_made_once_until_somebody_does_something(client, queries, kept):
    activity = an_activity(5)
    come(activity, "Anna")
    address = reverse("public:activity", args=[activity.code])
    assert "4 places left" in client.get(address).content.decode()
    assert queries(lambda: client.get(address)) == 1
    come(activity, "Bo")
    assert "3 places left" in client.get(address).content.decode()


def test_each_visitor_has_her_own_token_and_key_in_a_kept_page(client, kept):
    come(an_activity(5), "Anna")
    activity = an_activity(5)
    come(activity, "Bo")
    address = reverse("public:activity", args=[activity.code])
    own = re.compile(r'name="(?:csrfmiddlewaretoken|form_key)" value="([^"]+)"')
    first, second = (own.findall(client.get(address).content.decode()) for _turn in range(2))
    assert len(first) == len(second) == 2 and not set(first) & set(second)
    client.handler.enforce_csrf_checks = True
    token, key = second
    facts = {
        "csrfmiddlewaretoken": token,
        "form_key": key,
        "who": "visitor",
        "given_name": "Cia",
        "email": "cia@example.org",
    }
    assert client.post(reverse("public:registration_create", args=[activity.code]), facts).status_code == 302


def test_a_signed_in_person_never_gets_or_makes_a_kept_page(client, kept):
    activity, siv = an_activity(5), a_person("Siv")
    come(activity, "Anna")
    browser = signed_in_client(siv)
    browser.post(reverse("public:registration_create", args=[activity.code]), {"who": "own"})
    assert "You are registered" in calendar(browser).content.decode()
    assert "You are registered" not in calendar(client).content.decode()


def test_the_look_of_one_visitor_is_not_the_look_of_the_next(client, kept):
    come(an_activity(5), "Anna")
    client.cookies["comfort"] = "A.dark.motion"
    assert 'data-color-scheme="dark"' in calendar(client).content.decode()
    client.cookies.clear()
    assert 'data-color-scheme="auto"' in calendar(client).content.decode()
