"""From a closed sheet to a certificate that a stranger checks, in a browser on phone and desktop."""

from __future__ import annotations

import pytest

from samverk.activities.models import Attendance
from samverk.certificates.documents import certificate_document
from samverk.certificates.messages import check_address
from samverk.certificates.models import Certificate
from tests.activities.sheets import begin, give_place
from tests.cast import make_cast
from tests.journeys.test_main_line import letters_to, link_in

pytestmark = pytest.mark.journey


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_sheet_is_closed_certificates_are_issued_opened_and_checked(cast, open_page, size):
    for person in (cast.participant, cast.protected):
        give_place(cast.activity, person)
    begin(cast.session, minutes_ago=60 * 24 * 3)
    Attendance.objects.filter(session=cast.session).exclude(is_leader=True).update(mark="here")

    office = open_page(cast.coordinator, size=size)
    office.goto(f"/office/sessions/{cast.session.code}/attendance/")
    office.get_by_role("button", name="Done").click()
    office.get_by_role("heading", name="The sheet is done").wait_for()
    office.goto(f"/office/activities/{cast.activity.code}/certificates/")
    office.get_by_label("Share to attend, in percent").fill("80")
    office.get_by_role("button", name="Save").click()
    office.get_by_role("button", name="Issue 2 certificates").click()
    office.get_by_text("2 certificates are issued.").wait_for()
    assert "Skyddsvik" not in office.content()

    made = Certificate.objects.get(person=cast.participant)
    letter = letters_to(cast.participant.email)[-1]
    hers = open_page(size=size)
    hers.goto(link_in(letter, "/certificates/"))
    hers.get_by_role("heading", name="Pia Parkvall").wait_for()
    with hers.expect_download() as download:
        hers.locator("a[href$='certificate.pdf']").click()
    assert download.value.path().read_bytes()[:5] == certificate_document(made)[:5] == b"%PDF-"

    stranger = open_page(size=size)
    stranger.goto("/" + check_address(made).split("/", 3)[3])
    stranger.get_by_role("heading", name="Pia Parkvall").wait_for()
    assert stranger.get_by_text("It counts,").is_visible()

    office.goto(f"/office/certificates/{made.code}/")
    office.get_by_text("Revoke it").click()
    office.locator("form[action$='/revoke/']").get_by_label("Why").fill("Another person.")
    office.get_by_role("button", name="Revoke the certificate").click()
    office.get_by_text("No longer counts since").wait_for()
    stranger.reload()
    stranger.get_by_text("It was revoked on").wait_for()
    width = stranger.evaluate("document.documentElement.scrollWidth")
    assert width <= stranger.viewport_size["width"]
    assert office.faults == hers.faults == stranger.faults == []
