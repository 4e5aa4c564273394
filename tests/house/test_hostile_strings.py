"""Hostile texts where more than the form is at stake: strange codes in addresses, batches, queries, lists to take along.

That every form and page bears them is shown in test_hostile_everywhere.py, without naming one.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from samverk.activities.models import Attendance, Registration
from samverk.kit.spreadsheets import unguarded
from samverk.programmes.models import Programme, SavedView
from samverk.reporting.models import Report
from samverk.trail.models import LimitCount
from tests.cast import make_activity
from tests.house.hostile import FORMULAS, MARKUP, OUR_OWN, strings, what_runs
from tests.house.strict import StrictClient


def test_the_check_of_pages_sees_what_would_run():
    for bad in (
        '<p title=""><svg onload=alert(1)>',
        "<script>1</script>",
        '<a href="javascript:1">',
        "<iframe src=x>",
    ):
        assert what_runs(bad), bad
    assert not what_runs('<input value="&lt;iframe src=javascript:1&gt;">')
    assert not what_runs('<p title="&lt;svg onload=1&gt;">&lt;script&gt;1</p><script src="/a.js"></script>')


# ---------- one form, many strings ----------


class Tried:
    """Sends strings to one address and keeps what went wrong."""

    def __init__(self, client: StrictClient, address: str) -> None:
        self.client, self.address, self.faults = client, address, []
        self.taken = 0

    def post(self, text: str, values: dict[str, Any]) -> Any:
        # Limits count by address of the network; they are not what is tried here.
        LimitCount.objects.all().delete()
        try:
            answer = self.client.post(self.address, values)
        except Exception as fault:  # noqa: BLE001  every fault of the server is listed, not only the first
            self.faults.append((text[:40], type(fault).__name__, str(fault)[:300]))
            return None
        self.taken += answer.status_code == 302
        self.judge(text, answer)
        return answer

    def judge(self, text: str, answer: Any) -> None:
        if answer.status_code >= 500:
            self.faults.append((text[:40], answer.status_code))
        elif answer.get("Content-Type", "").startswith("text/html") and answer.content:
            running = what_runs(answer.content.decode())
            if running:
                self.faults.append((text[:40], running))

    def get(self, address: str) -> Any:
        try:
            answer = self.client.get(address)
        except Exception as fault:  # noqa: BLE001
            self.faults.append((address, type(fault).__name__, str(fault)[:300]))
            return None
        assert answer.status_code < 500
        self.judge(address, answer)
        return answer


def send_all(
    tried: Tried,
    texts: list[str],
    free: dict[str, int],
    typed: tuple[str, ...] = (),
    settled: Callable[[int], dict] = lambda n: {},
) -> None:
    """Some texts whole in every field, to be refused; then each cut to what free fields hold, so that it is stored."""
    for number, text in enumerate(texts[::12] if typed else ()):
        tried.post(text, settled(number) | dict.fromkeys((*free, *typed), text))
    for number, text in enumerate(texts):
        tried.post(text, settled(number) | {name: text[:most] for name, most in free.items()})


def first_pages(tried: Tried, address: str, pages: int) -> None:
    for page in range(1, pages + 1):
        sign = "&" if "?" in address else "?"
        tried.get(f"{address}{sign}page={page}")


# Whoever registers without signing in stands here until her address is proved.
UNCONFIRMED = "?people=unconfirmed"
ORGANISATION_SETTLED = {"sector": "association", "country": "SE", "is_public": "on"}
ACTIVITY_SETTLED = {
    "kind": "course", "language": "sv", "audience": "public", "beneficiary": "person", "takes_registrations": "on",
    "has_waiting_list": "on",
}  # fmt: skip


def test_anybody_may_register_under_any_name(cast, sign_in):
    activity, _session = make_activity(cast.programme, capacity=None, title="</title><script>1</script> =1+1")
    tried = Tried(StrictClient(), f"/en/activities/{activity.code}/register/")
    free = {"given_name": 100, "family_name": 100, "organisation": 300, "note": 500}
    send_all(
        tried, strings(32, 5), free, ("email", "form_key", "who"), lambda n: {"email": f"h{n}@example.org"}
    )
    assert tried.taken > 15
    tried.get(f"/en/activities/{activity.code}/")
    tried.client = sign_in(cast.coordinator)
    first_pages(tried, f"/office/activities/{activity.code}/?people=unconfirmed", 2)
    tried.get(reverse("office:representations"))
    for ending in ("csv", "xlsx"):
        tried.get(reverse(f"office:registrations_{ending}", args=[activity.code]) + UNCONFIRMED)
    assert not tried.faults


def test_the_sign_in_field_takes_any_text(cast):
    tried = Tried(StrictClient(), "/en/sign-in/")
    send_all(tried, strings(16, 4), {"email": 10_000}, ("next",))
    send_all(tried, strings(32, 6), {"next": 10_000}, settled=lambda n: {"email": f"s{n}@example.org"})
    tried.address = "/en/sign-in/code/"
    send_all(tried, strings(32, 6), {"code": 10_000})
    for text in strings(32, 8):
        tried.get(f"/en/sign-in/?email={quote(text[:500])}&next={quote(text[:500])}")
    assert not tried.faults


def test_a_programme_has_a_plain_code(cast, sign_in):
    tried = Tried(sign_in(cast.keeper), "/office/programmes/new/")
    year = timezone.localdate().year
    settled = {
        "name": "Odd code", "language": "sv", "country": "SE", "currency": "SEK", "starts": f"{year}-01-01",
        "ends": f"{year}-12-31",
    }  # fmt: skip
    # The code stands in addresses.
    for text in strings(64, 6):
        tried.post(text, settled | {"code": text[:12]})
    for one in Programme.objects.filter(name="Odd code")[:5]:
        answer = tried.get(reverse("office:programme", args=[one.code]))
        assert answer is not None and answer.status_code == 200, one.code
    assert not tried.faults


def test_rows_of_an_activity_may_be_counted_by_anything(cast, sign_in):
    tried = Tried(sign_in(cast.coordinator), "/office/activities/new/")
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    # A number beyond what a database counts, for things chosen by number.
    tried.post(
        "9" * 400, ACTIVITY_SETTLED | rows | {"title": "x", "leaders": "9" * 400, "component": "9" * 400}
    )
    for text in [*OUR_OWN[::24], "9" * 5_000, "²", "-1"]:
        tried.post(
            text, {"form-TOTAL_FORMS": text, "form-INITIAL_FORMS": text, "more_sessions": "1", "title": text}
        )
    assert not tried.faults


def test_a_batch_of_marks_may_hold_any_text(cast, sign_in):
    _activity, session = make_activity(cast.programme, days=0, capacity=None)
    client = sign_in(cast.coordinator)
    client.post(f"/office/sessions/{session.code}/attendance/walk-in/", {"name": "Anna"})
    row = Attendance.objects.get(session=session)
    for text in [*OUR_OWN[::8], "\x00", "\ud800", "\udfff"]:
        names = ("id", "mark", "came", "left", "seen", "tapped_at")
        good = {
            "id": "8a1f77be-6a36-4ed1-a4f6-8d0f6ed9be75",
            "row": str(row.pk),
            "mark": "here",
            "tapped_at": timezone.now().isoformat(),
        }
        marks = [
            dict.fromkeys((*names, "row"), text),
            {"row": row.pk} | dict.fromkeys(names, text),
            *(good | {name: text} for name in ("seen", "row")),
        ]
        sent = json.dumps({"device": text, "marks": marks})
        answer = client.post(
            f"/office/sessions/{session.code}/attendance/marks/", sent, content_type="application/json"
        )
        assert answer.status_code < 500, ascii(text[:40])


def test_a_saved_view_has_any_name(cast, sign_in):
    tried = Tried(sign_in(cast.coordinator), "/office/views/save/?list=office:organisations&q=a")
    send_all(tried, strings(48, 6), {"name": 60}, ("programme",))
    tried.get("/office/organisations/")
    for text in strings(48, 8):
        tried.address = f"/office/views/save/?list={quote(text[:300])}&q={quote(text[:300])}"
        tried.post(text, {"name": "Any list"})
        tried.get(tried.address)
    assert not tried.faults
    # A view leads back to its list, so it belongs to one.
    assert set(SavedView.objects.values_list("list_name", flat=True)) == {"office:organisations"}


def test_a_report_holds_any_words(cast, sign_in):
    tried = Tried(sign_in(cast.coordinator), "/office/reports/new/")
    today = timezone.localdate()
    settled = {
        "programme": str(cast.programme.pk),
        "starts": f"{today.year - 1}-01-01",
        "ends": f"{today.year - 1}-12-31",
    }
    send_all(tried, OUR_OWN[::6], {"title": 200}, ("programme", "starts", "ends"), lambda n: settled)
    report = Report.objects.order_by("-pk").first()
    assert report is not None
    tried.address = f"/office/reports/{report.code}/edit/"
    send_all(tried, strings(96, 12), {"title": 200, "narrative": 20_000})
    tried.post(
        "all",
        {
            "title": "=1+1<script>1</script>",
            "narrative": "\n\n".join(text[:400] for text in OUR_OWN).replace("\x00", ""),
        },
    )
    tried.get(f"/office/reports/{report.code}/")
    assert not tried.faults
    files = {
        ending: _body(tried.get(f"/office/reports/{report.code}/report.{ending}"))
        for ending in ("json", "xlsx", "pdf")
    }
    assert not tried.faults
    assert files["pdf"].startswith(b"%PDF")
    assert json.loads(files["json"])
    assert_no_formula(files["xlsx"])


READING = (
    "/en/calendar/", "/en/organisations/", "/en/organisation-names/", "/en/my/", "/office/", "/office/people/", "/office/organisations/",
    "/office/organisations/export.csv", "/office/activities/", "/office/hours/", "/office/statements/", "/office/reports/",
    "/office/reports/new/", "/office/mail/", "/office/trail/", "/office/merges/", "/office/imports/", "/office/activities/new/",
    "/office/programmes/TST/dashboard/", "/office/programmes/TST/figures/visits/", "/office/representations/",
)  # fmt: skip
ASKED = (
    "q", "page", "sort", "organisation", "programme", "person", "month", "kind", "state", "place", "starts", "ends", "people", "who", "sector", "theme",
)  # fmt: skip
IN_ADDRESSES = [
    "\x00", "a\x00b", "=1+1", '"><svg onload=alert(1)>', "9" * 400, "\ufffe", "ﷺ" * 20, "-1", "1e999",
]  # fmt: skip


def test_a_list_may_be_asked_for_anything(cast, sign_in):
    tried = Tried(sign_in(cast.coordinator), "")
    for number, address in enumerate(READING):
        # Each page gets a third of the texts, the signs NUL among all thirds.
        for text in ("a\x00b", *IN_ADDRESSES[2 + number % 3 :: 3]):
            tried.get(f"{address}?" + "&".join(f"{name}={quote(text)}" for name in ASKED))
    assert not tried.faults


BEHIND_CODES = (
    "/en/activities/{}/", "/en/activities/{}.ics", "/en/organisations/{}/", "/en/programmes/{}/", "/en/place/{}/", "/en/hours/{}/",
    "/en/sign-in/link/{}/", "/en/registrations/{}/", "/office/people/{}/", "/office/organisations/{}/", "/office/programmes/{}/",
    "/office/activities/{}/", "/office/sessions/{}/attendance/", "/office/imports/{}/", "/office/hours/{}/", "/office/statements/{}/",
    "/office/reports/{}/", "/office/undo/{}/", "/office/evidence/{}/", "/office/merges/organisation/{}/{}/", "/office/registrations/{}/organisation/",
)  # fmt: skip


def test_an_address_may_hold_anything_for_a_code(cast, sign_in):
    for client in (StrictClient(), sign_in(cast.coordinator)):
        tried = Tried(client, "")
        for address in BEHIND_CODES:
            for text in IN_ADDRESSES[1:5]:
                tried.get(address.format(*[quote(text, safe="")] * 2))
        assert not tried.faults


# ---------- lists to take along ----------


def _body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def cells_of(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"):
        yield from row


def assert_no_formula(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        for name in workbook.namelist():
            if name.startswith("xl/worksheets/"):
                xml = workbook.read(name).decode()
                assert "<f>" not in xml and "<f " not in xml
                assert "<hyperlink" not in xml


def test_no_cell_of_a_list_is_a_formula(cast, sign_in):
    client = sign_in(cast.coordinator)
    activity, _session = make_activity(cast.programme, capacity=None, title="=1+1 [x]*?/\\")
    names = [name for name in (text[:90].strip() for text in [*FORMULAS, *MARKUP]) if name]
    for number, name in enumerate(names):
        LimitCount.objects.all().delete()
        client.post(
            "/office/organisations/new/",
            ORGANISATION_SETTLED | {"name": name, "legal_form": name, "place": name, "phone": name[:40]},
        )
        values = {
            "given_name": name,
            "family_name": name,
            "organisation": name,
            "note": name,
            "email": f"f{number}@example.org",
        }
        StrictClient().post(f"/en/activities/{activity.code}/register/", values)

    organisations = list(cells_of(_body(client.get(reverse("office:organisations_export")))))
    registrations = list(
        cells_of(_body(client.get(reverse("office:registrations_csv", args=[activity.code]) + UNCONFIRMED)))
    )
    for cells in (organisations, registrations):
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert {" ".join(name.split()) for name in names} <= {unguarded(cell) for cell in organisations}
    stored = set(Registration.objects.filter(activity=activity).values_list("given_name", flat=True))
    assert len(stored) > 30
    assert stored <= {unguarded(cell) for cell in registrations}

    workbook = _body(client.get(reverse("office:registrations_xlsx", args=[activity.code]) + UNCONFIRMED))
    assert_no_formula(workbook)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    read = {_lines_alike(cell) for row in sheet for cell in row if isinstance(cell, str)}
    assert {_lines_alike(name) for name in stored} <= read


def _lines_alike(text: str) -> str:
    return text.replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n")
