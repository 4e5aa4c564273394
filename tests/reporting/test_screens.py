"""Dashboards, figures and reports as people open them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from samverk.kit.acting import Actor
from samverk.ledger.models import PersonMonth
from samverk.people.rules import alias_of
from samverk.programmes.commands import give_seat
from samverk.reporting.commands import create_report, freeze_report, save_indicator
from samverk.reporting.models import Indicator, Report, Target
from tests.cast import make_person
from tests.reporting.planted import make_world, planted

pytestmark = pytest.mark.django_db
MARCH = {"starts": "2018-03-01", "ends": "2018-03-31"}


def page(browser, name, *args, status=200, **query):
    answer = browser.get(reverse(f"office:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content)


def march(world):
    return create_report(
        world.programme, starts=date(2018, 3, 1), ends=date(2018, 3, 31), by=Actor(world.coordinator)
    )


def reader(world, role="viewer"):
    person = make_person("Vera", role)
    give_seat(world.programme, person, role, by=Actor(world.coordinator))
    return person


def test_the_dashboard_shows_the_figures_and_each_opens_to_its_rows(sign_in):
    world = planted()
    html = page(sign_in(world.coordinator), "dashboard", "KCM")
    for figure in (
        "unique_people",
        "unique_organisations",
        "visits",
        "approved_hours",
        "delivered",
        "attested",
    ):
        assert reverse("office:figure", args=["KCM", figure]) in html
    assert "Missing, and what it is worth" in html


def test_a_figure_shows_its_rows_and_how_it_is_counted(sign_in):
    world = planted()
    html = page(sign_in(world.coordinator), "figure", "KCM", "visits", **MARCH)
    assert "<b>5 rows.</b>" in html
    assert html.count("<tr>") == 6
    assert "Each named person at each session that is done." in html


def test_every_figure_gap_and_step_opens(sign_in):
    from samverk.reporting.measures import MEASURES
    from samverk.reporting.queries.gaps import GAP_KINDS
    from samverk.reporting.queries.openings import STEPS

    world = planted()
    browser = sign_in(world.coordinator)
    for code in (*MEASURES, *GAP_KINDS, *STEPS):
        page(browser, "figure", "KCM", code, **MARCH)
        page(browser, "figure_export", "KCM", code, "csv", **MARCH)
    page(browser, "figure", "KCM", "invented", status=404)


def test_a_figure_is_narrowed_and_searched_in_its_address(sign_in):
    world = planted()
    browser = sign_in(world.coordinator)
    assert "<b>3 rows.</b>" in page(browser, "figure", "KCM", "visits", kind="course", **MARCH)
    assert "<b>2 rows.</b>" in page(browser, "figure", "KCM", "visits", sector="-", **MARCH)
    assert "<b>2 rows.</b>" in page(browser, "figure", "KCM", "visits", q="anna", **MARCH)
    assert "<b>2 rows.</b>" in page(browser, "figure", "KCM", "approved_hours", kind="course", **MARCH)
    assert "nonsense is not one of the available choices" in page(
        browser, "figure", "KCM", "visits", kind="nonsense", status=422
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2018-02-30", "'; drop table", "2018-13"])
def test_a_strange_day_in_the_address_is_no_server_error(sign_in, day):
    world = planted()
    browser = sign_in(world.coordinator)
    for query in ({"starts": day}, {"ends": day}, {"starts": day, "ends": day}, {"q": day, "page": day}):
        address = reverse("office:figure", args=["KCM", "visits"])
        assert browser.get(address, query).status_code in (200, 422)
        answer = browser.post(
            reverse("office:report_create"),
            {
                "programme": world.programme.pk,
                "starts": query.get("starts", "2018-03-01"),
                "ends": query.get("ends", "2018-03-31"),
            },
        )
        assert answer.status_code in (302, 422)
        for report in Report.objects.all():
            page(browser, "report", report.code)
            page(browser, "report_check", report.code)


def test_a_figure_asks_the_same_queries_with_3_and_300_rows(sign_in, queries):
    counts = []
    for code, number in (("FEW", 3), ("MANY", 300)):
        world = make_world(code, money=False)
        session = world.session(world.activity("Course"), date(2018, 3, 5))
        for n in range(number):
            world.came(session, None, "Läxlyktan" + code, name=f"Guest {n}")
        browser = sign_in(world.coordinator)
        page(browser, "figure", code, "visits", **MARCH)
        counts.append([
            queries(lambda figure=figure, browser=browser, code=code: page(browser, figure, code, *args(figure), **MARCH))
            for figure in ("figure", "dashboard")
        ])  # fmt: skip
    assert counts[0] == counts[1]


def args(name):
    return ["visits"] if name == "figure" else []


def test_rows_can_be_taken_home_as_csv_and_xlsx(sign_in):
    world = planted()
    browser = sign_in(world.coordinator)
    csv = page(browser, "figure_export", "KCM", "unique_people", "csv", **MARCH).decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("Person;First;Last;Visits")
    assert len(csv.splitlines()) == 4
    xlsx = page(browser, "figure_export", "KCM", "visits", "xlsx", **MARCH)
    assert zipfile.ZipFile(io.BytesIO(xlsx)).testzip() is None


def test_somebody_protected_stands_under_an_alias_and_is_not_found_by_name(sign_in):
    world = planted()
    hidden = world.person("Hemliga", is_protected=True)
    session = world.programme.activities.get(title="Breakfast").sessions.get()
    world.came(session, "Hemliga", "Hemliga föreningen")
    browser = sign_in(world.coordinator)
    for figure in ("visits", "unique_people"):
        for name in ("figure", "figure_export"):
            extra = ["csv"] if name == "figure_export" else []
            shown = page(browser, name, "KCM", figure, *extra, **MARCH)
            shown = shown if isinstance(shown, str) else shown.decode()
            assert "Hemliga" not in shown
            assert alias_of(hidden.code) in shown
    assert "<b>0 rows.</b>" in page(browser, "figure", "KCM", "unique_people", q="hemliga", **MARCH)


def test_nothing_of_a_programme_shows_to_the_coordinator_of_another(sign_in):
    world, other = planted(), make_world("OTH")
    report = march(world)
    browser = sign_in(other.coordinator)
    for name, args in [
        ("dashboard", ["KCM"]),
        ("figure", ["KCM", "visits"]),
        ("figure_export", ["KCM", "visits", "csv"]),
        ("indicators", ["KCM"]),
        ("report", [report.code]),
        ("report_check", [report.code]),
        ("report_download", [report.code, "json"]),
        ("report_differences", [report.code]),
    ]:
        page(browser, name, *args, status=404)
    assert report.code not in page(browser, "reports")
    assert "Anna" not in page(browser, "figure", "OTH", "visits", **MARCH)


def test_a_viewer_reads_and_cannot_report(sign_in):
    world = planted()
    report = march(world)
    browser = sign_in(reader(world))
    page(browser, "dashboard", "KCM")
    html = page(browser, "report", report.code)
    assert reverse("office:report_freeze", args=[report.code]) not in html
    assert browser.post(reverse("office:report_freeze", args=[report.code])).status_code == 403
    page(browser, "report_create", status=403)
    page(browser, "indicator_create", "KCM", status=403)


def test_a_trainer_sees_the_programme_and_not_its_money(sign_in):
    world = planted()
    page(sign_in(reader(world, "trainer")), "dashboard", "KCM", status=403)


def test_a_report_is_made_in_four_steps(sign_in):
    world = planted()
    browser = sign_in(world.coordinator)
    assert "Usual periods" in page(browser, "report_create", programme="KCM")
    answer = browser.post(
        reverse("office:report_create"), {"programme": world.programme.pk, **MARCH, "title": ""}
    )
    report = Report.objects.get()
    assert answer.url == reverse("office:report_check", args=[report.code])
    html = page(browser, "report_check", report.code)
    assert "Session without attendance" in html
    assert "Employer who has not countersigned" in html
    html = page(browser, "report", report.code)
    assert "3 people from 2 organisations took part, 5 times in all." in html
    assert browser.post(reverse("office:report_freeze", args=[report.code])).url == reverse(
        "office:report", args=[report.code]
    )
    html = page(browser, "report", report.code)
    assert Report.objects.get().frozen.digest[:4] in html
    assert "Nothing has changed since." in html


def test_a_refused_period_keeps_what_was_typed(sign_in):
    world = planted()
    browser = sign_in(world.coordinator)
    facts = {
        "programme": world.programme.pk,
        "starts": "2018-04-01",
        "ends": "2018-03-01",
        "title": "My title",
    }
    answer = browser.post(reverse("office:report_create"), facts)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The last day is before the first." in html
    assert "My title" in html


def test_a_report_with_stale_decisions_answers_with_the_reason(sign_in):
    world = planted()
    report = march(world)
    PersonMonth.objects.update(is_stale=True)
    answer = sign_in(world.coordinator).post(reverse("office:report_freeze", args=[report.code]))
    assert answer.status_code == 409
    assert "2 decisions of the period wait to be judged." in answer.content.decode()


def test_a_later_change_shows_on_the_frozen_report(sign_in):
    from samverk.activities.commands.attendance import correct_attendance
    from samverk.activities.models import Attendance

    world = planted()
    report = march(world)
    freeze_report(report, by=Actor(world.coordinator))
    visit = Attendance.objects.get(person=world.person("Cilla"))
    correct_attendance(visit, "absent", by=Actor(world.coordinator), reason="Stayed at home.")
    browser = sign_in(world.coordinator)
    html = page(browser, "report", report.code)
    assert "Stayed at home." in html
    assert "3 people from 2 organisations" in html
    assert "Stayed at home." in page(browser, "report_differences", report.code)


def test_words_are_written_until_the_report_is_frozen(sign_in):
    world = planted()
    report = march(world)
    browser = sign_in(world.coordinator)
    browser.post(
        reverse("office:report_edit", args=[report.code]),
        {"title": "Spring", "narrative": "It went <b>well</b>."},
    )
    html = page(browser, "report", report.code)
    assert "Spring" in html
    assert "It went &lt;b&gt;well&lt;/b&gt;." in html
    freeze_report(Report.objects.get(), by=Actor(world.coordinator))
    answer = browser.post(
        reverse("office:report_edit", args=[report.code]), {"title": "Summer", "narrative": ""}
    )
    assert answer.status_code == 422
    assert Report.objects.get().title == "Spring"


# ---------- indicators ----------


def test_an_indicator_is_added_with_its_target_and_shows_its_progress(sign_in):
    world = planted()
    browser = sign_in(world.coordinator)
    facts = {
        "code": "ORG",
        "name": "Organisations",
        "measure": "unique_organisations",
        "target": "4",
        "target_by": "2018-10-31",
    }
    assert browser.post(reverse("office:indicator_create", args=["KCM"]), facts).status_code == 302
    assert Target.objects.get().value == 4
    html = page(browser, "indicators", "KCM")
    assert "50\u00a0%" in html
    assert "Behind the plan" in html
    assert "of 4" in page(browser, "dashboard", "KCM")


def test_a_measure_that_cannot_be_narrowed_that_way_says_so(sign_in):
    world = planted()
    facts = {"code": "X", "name": "X", "measure": "organisations_enrolled", "kind": "course"}
    answer = sign_in(world.coordinator).post(reverse("office:indicator_create", args=["KCM"]), facts)
    assert answer.status_code == 422
    assert "cannot be narrowed that way" in answer.content.decode()


def test_an_indicator_is_changed_and_removed(sign_in):
    world = planted()
    by = Actor(world.coordinator)
    row = save_indicator(world.programme, code="V", name="Visits", measure="visits", by=by)
    browser = sign_in(world.coordinator)
    facts = {"code": "V", "name": "Visits to courses", "measure": "visits", "kind": "course", "target": "6"}
    browser.post(reverse("office:indicator_edit", args=["KCM", row.pk]), facts)
    assert Indicator.objects.get().filters == {"kind": "course"}
    assert "Visits to courses" in page(browser, "indicators", "KCM")
    browser.post(reverse("office:indicator_remove", args=["KCM", row.pk]))
    assert not Indicator.objects.exists()


def test_an_indicator_whose_measure_is_gone_does_not_take_the_others_with_it(sign_in):
    world = planted()
    save_indicator(
        world.programme, code="V", name="Visits of all", measure="visits", by=Actor(world.coordinator)
    )
    Indicator.objects.create(programme=world.programme, code="J", name="Jobs", measure="jobs_made")
    assert "Visits of all" in page(sign_in(world.coordinator), "indicators", "KCM")
    page(sign_in(world.coordinator), "report", march(world).code)


# ---------- files ----------


@pytest.fixture
def kcm():
    world = planted()
    by = Actor(world.coordinator)
    save_indicator(
        world.programme, code="ORG", name="=HYPERLINK(1)", measure="unique_organisations", by=by, target=4
    )
    return world


def test_the_pdf_says_what_the_page_says_and_is_tagged(kcm, sign_in):
    report = march(kcm)
    snapshot = freeze_report(report, by=Actor(kcm.coordinator))
    pdf = PdfReader(io.BytesIO(page(sign_in(kcm.coordinator), "report_download", report.code, "pdf")))
    text = " ".join(part.extract_text() for part in pdf.pages).replace("\n", " ")
    assert "3 people from 2 organisations took part" in text
    assert snapshot.digest[:4] in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_workbook_holds_summary_rows_and_evidence(kcm, sign_in):
    import python_calamine

    data = page(sign_in(kcm.coordinator), "report_download", march(kcm).code, "xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == [
        "Summary", "By kind of activity", "By component", "By sector", "Session", "Visit", "Enrolment",
        "Ledger line", "Hours that count", "Evidence",
    ]  # fmt: skip
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("Summary").to_python()}
    assert summary["People, counted once"] == 3
    assert summary["=HYPERLINK(1)"] == 2
    assert len(book.get_sheet_by_name("Visit").to_python()) == 1 + 5
    assert len(book.get_sheet_by_name("Ledger line").to_python()) == 1 + 3


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "json"])
def test_the_command_writes_a_report(kcm, tmp_path, ending):
    out = tmp_path / f"report.{ending}"
    call_command(
        "report",
        "kcm",
        "--from",
        "2018-03-01",
        "--to",
        "2018-03-31",
        "--format",
        ending,
        "--out",
        str(out),
        stderr=io.StringIO(),
    )
    assert out.stat().st_size > 1_000
    if ending == "json":
        assert json.loads(out.read_text())["figures"]["measures"]["visits"] == 5


def test_the_command_writes_the_frozen_report_and_on_wish_the_live_one(kcm, tmp_path):
    from samverk.activities.models import Attendance

    freeze_report(march(kcm), by=Actor(kcm.coordinator))
    Attendance.objects.filter(person=kcm.person("Cilla")).update(mark="absent")
    visits = []
    for extra in ([], ["--live"]):
        out = tmp_path / "report.json"
        call_command(
            "report",
            "KCM",
            "--from",
            "2018-03-01",
            "--to",
            "2018-03-31",
            "--format",
            "json",
            "--out",
            str(out),
            *extra,
            stderr=io.StringIO(),
        )
        visits.append(json.loads(out.read_text())["figures"]["measures"]["visits"])
    assert visits == [5, 4]


def test_the_command_says_which_programmes_there_are(db):
    make_world("KCM")
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("report", "KMC", "--from", "2018-03-01", "--to", "2018-03-31", "--out", "-", stderr=said)
    assert ended.value.code == 2
    assert "KCM" in said.getvalue()
