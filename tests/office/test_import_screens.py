"""Imports in the office: a list from the file to the directory and back, by the buttons on the pages."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from samverk.directory.commands import create_organisation
from samverk.directory.importing import checking
from samverk.directory.models import Import, Organisation
from samverk.kit.acting import THE_SHELL
from tests.directory.lists import many, text

pytestmark = pytest.mark.django_db


def send(browser, file: io.BytesIO) -> Import:
    upload = SimpleUploadedFile("list.csv", file.getvalue())
    answer = browser.post(reverse("office:import_create"), {"file": upload})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("id")


def page(browser, one: Import, query: str = "") -> str:
    answer = browser.get(reverse("office:import", args=[one.code]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def chosen(one: Import, **fields: str) -> dict[str, str]:
    """The form as the page gives it, with some fields changed."""
    read = one.options
    columns = {
        f"column-{place}": read["mapping"].get(column["name"], "")
        for place, column in enumerate(read["columns"])
    }
    return {name: read[name] for name in ("encoding", "delimiter", "header_row")} | columns | fields


def press(browser, name: str, one: Import, **fields: str):
    return browser.post(reverse(f"office:{name}", args=[one.code]), fields)


def test_a_coordinator_takes_a_list_in_and_back(cast, sign_in):
    browser = sign_in(cast.coordinator)
    one = send(browser, text(*many(60)))
    assert "Organisationsnummer" in page(browser, one)
    press(browser, "import_check", one, **chosen(one))
    assert "Write 60 organisations" in page(browser, one)
    assert "Förening 55" in page(browser, one, "?status=new&page=2")
    press(browser, "import_write", one)
    assert Organisation.objects.alive().filter(name="Förening 55").exists()
    assert "Take the whole import back" in page(browser, one)
    press(browser, "import_undo", one)
    assert "60 removed" in page(browser, one)
    assert not Organisation.objects.filter(name="Förening 55").exists()
    assert "list.csv" in browser.get(reverse("office:imports")).content.decode()


def test_a_corrected_column_is_kept_and_another_header_row_is_guessed_anew(cast, sign_in):
    browser = sign_in(cast.coordinator)
    one = send(browser, text("Läxlyktan;;Malmö;"))
    press(browser, "import_correct", one, **chosen(one, **{"column-2": "region"}))
    one.refresh_from_db()
    assert one.options["mapping"]["Ort"] == "region"
    press(browser, "import_correct", one, **chosen(one, header_row="0"))
    one.refresh_from_db()
    assert one.options["header_row"] == 0 and one.options["columns"][0]["name"] == "A"


def test_a_file_that_is_no_list_says_why_beside_the_field(cast, sign_in):
    upload = SimpleUploadedFile("list.csv", b"%PDF-1.7")
    answer = sign_in(cast.coordinator).post(reverse("office:import_create"), {"file": upload})
    assert answer.status_code == 422 and "It is not a spreadsheet." in answer.content.decode()


def test_without_a_column_of_names_the_check_says_what_to_do(cast, sign_in):
    browser = sign_in(cast.coordinator)
    one = send(browser, text("Läxlyktan;;Malmö;"))
    answer = press(browser, "import_check", one, **chosen(one, **{"column-0": ""}))
    assert answer.status_code == 422 and "Choose which column holds the name." in answer.content.decode()


def test_like_doubts_are_answered_with_one_button(cast, sign_in):
    for n in range(3):
        create_organisation(f"Solrosen {n}", by=THE_SHELL, place="Malmö")
    browser = sign_in(cast.coordinator)
    one = send(browser, text(*[f"Solrosen {n};;Kalmar;" for n in range(3)]))
    press(browser, "import_check", one, **chosen(one))
    assert "<b>3 rows</b> wait for you" in page(browser, one)
    press(browser, "import_decide", one, kind="same_name_other_place", answer="new")
    assert "Every row is clear" in page(browser, one)
    assert "Write 3 organisations" in page(browser, one)


def test_a_long_list_waits_for_the_worker_and_says_how_far_it_is(cast, sign_in):
    browser = sign_in(cast.coordinator)
    one = send(browser, text(*many(20)))
    checking.ask_check(one, by=THE_SHELL)
    Import.objects.filter(pk=one.pk).update(rows_total=5000, rows_done=1200)
    assert (
        "1\u202f200" in page(browser, one) or "1 200" in page(browser, one) or "1,200" in page(browser, one)
    )


def test_the_template_file_is_read_with_every_column_known(cast, sign_in):
    answer = sign_in(cast.coordinator).get(reverse("office:import_template"))
    content = b"".join(answer.streaming_content)
    one = send_template(content)
    assert set(one.options["mapping"].values()) >= {"name", "place", "email", "web", "SE-ON", "PL-KRS"}


def send_template(content: bytes) -> Import:
    """The template with one row filled, as somebody sends it back."""
    import python_calamine
    import xlsxwriter

    from samverk.directory.importing.reading import start_import

    header = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_index(0)
        .to_python()[0]
    )
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for column, title in enumerate(header):
            sheet.write_string(0, column, title)
        sheet.write_string(1, 0, "Läxlyktan")
    return start_import(buffer, "template.xlsx", by=THE_SHELL, language="en")
