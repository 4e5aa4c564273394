"""The main job, in a browser: sign-up, attendance, hours, confirmation, a frozen report whose numbers open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from samverk.activities.models import Attendance, Registration, Session
from samverk.ledger.commands.asking import make_statements
from samverk.ledger.commands.judging import judge_stale
from samverk.ledger.models import HourEntry, Statement
from samverk.post.commands import send_due
from samverk.post.models import Mail
from samverk.reporting.models import Report
from tests.activities.sheets import begin
from tests.cast import make_cast

pytestmark = pytest.mark.journey
CODE = re.compile(r"\b([BCDFGHJKMNPQRSTVWXZ]{4}) ([BCDFGHJKMNPQRSTVWXZ]{4})\b")


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def letters_to(address: str) -> list:
    """Everything queued is sent now; what came to this address."""
    Mail.objects.filter(state="queued").update(send_after=timezone.now() - timedelta(seconds=1))
    send_due()
    return [letter for letter in mail.outbox if address in letter.to[0]]


def link_in(letter, part: str) -> str:
    """The path of the first address in a letter that holds a part."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", letter.body)
    assert found, letter.body
    return found.group(1)


@pytest.mark.postgres_too
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_from_sign_up_to_a_frozen_report(cast, open_page, size):
    visitor = open_page(size=size)
    _signs_up(visitor, cast)
    registration = Registration.objects.get(email="newcomer@example.org")
    assert registration.state == "confirmed"

    office = open_page(cast.coordinator, size=size)
    _represents(office, cast, registration)
    begin(cast.session, minutes_ago=60 * 24 * 3)
    _takes_attendance(office, cast)
    entry = HourEntry.objects.get(person=registration.person)
    assert entry.minutes == 180
    judge_stale()

    _confirms_hours(open_page(size="phone"), entry)
    judge_stale()
    _freezes_a_report(office, cast, entry)
    assert visitor.faults == []
    assert office.faults == []


def _signs_up(page, cast) -> None:
    page.goto("/en/calendar/")
    page.get_by_role("link", name=cast.activity.title).first.click()
    page.get_by_label("Given name").fill("Nova")
    page.get_by_label("Family name").fill("Nykomling")
    page.get_by_label("E-mail").fill("newcomer@example.org")
    page.get_by_label("Association or organisation").fill(cast.organisation.name)
    page.locator("main form").get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="One step left").wait_for()
    assert Registration.objects.get(email="newcomer@example.org").person is None
    letter = letters_to("newcomer@example.org")[0]
    page.locator("input[autocomplete=one-time-code]").fill("".join(CODE.search(letter.body).groups()))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(re.compile("/place/"))


def _represents(page, cast, registration) -> None:
    """The coordinator says that the newcomer is employed there, so that the hour can count."""
    from samverk.activities.commands.representation import confirm_representation
    from samverk.directory.commands import add_affiliation
    from samverk.kit.acting import THE_SHELL
    from tests.cast import as_person

    Registration.objects.filter(pk=registration.pk).update(role="employee")
    registration.refresh_from_db()
    add_affiliation(registration.person, cast.organisation, "employee", by=THE_SHELL, confirmed=True)
    confirm_representation(registration, by=as_person(cast.coordinator))


def _takes_attendance(page, cast) -> None:
    page.goto(f"/office/sessions/{cast.session.code}/attendance/")
    row = Attendance.objects.get(session=cast.session)
    page.locator(f"#r{row.pk} button[value=here]").click()
    page.get_by_text(re.compile(r"1\s+of 1 here")).first.wait_for()
    page.get_by_role("button", name="Done").click()
    page.wait_for_load_state()
    assert Session.objects.get(pk=cast.session.pk).is_closed


def _confirms_hours(page, entry: HourEntry) -> None:
    make_statements(entry.month)
    letter = next(one for one in letters_to("newcomer@example.org") if "/hours/" in one.body)
    page.goto(link_in(letter, "/hours/"))
    assert Statement.objects.get(person=entry.person).state == "open"
    page.get_by_label("Right", exact=True).check()
    page.get_by_role("button", name="Go on and sign").click()
    page.get_by_role("button", name="I confirm 3 h").click()
    page.get_by_text("Confirmed.").first.wait_for()
    assert Statement.objects.get(person=entry.person).state == "signed"


def _freezes_a_report(page, cast, entry: HourEntry) -> None:
    page.goto(f"/office/programmes/{cast.programme.code}/dashboard/")
    page.get_by_role("link", name="Check gaps and report").click()
    page.get_by_label("From").fill(entry.month.isoformat())
    page.get_by_label("To", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Check what is missing").click()
    report = Report.objects.get()
    page.goto(f"/office/reports/{report.code}/")
    page.locator(f"form[action='/office/reports/{report.code}/freeze/'] button").first.click()
    page.wait_for_load_state()
    report.refresh_from_db()
    assert report.snapshot.rows_count >= 1
    page.get_by_role("link", name=re.compile(r"^1")).first.click()
    page.get_by_text(entry.person.family_name).first.wait_for()
