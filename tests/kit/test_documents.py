"""Documents on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from samverk.kit.documents import Picture, render, sheet

LOGO = Picture(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>', "The fund's mark"
)


def attendance(rows: int = 2, name: str = "Łucja Åkesson", **frame) -> dict:
    return {
        "sheet": sheet("Attendance: First aid", **frame),
        "lead": "Thursday 19 March 2026, 18:00–20:00",
        "facts": [["Where", "Hall 1"]],
        "head": ["", "Name", "Organisation", "From–to", "Signature"],
        "rows": [{"name": name, "organisation": ""} for _row in range(rows)],
        "note": "",
        "signature": "The leader's signature",
        "place_and_day": "Place and day",
    }


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_every_page_carries_its_number_its_code_and_the_funders_line():
    pages = text_of(
        render("activities/attendance", attendance(60, code="BKDMPQR", funder_line="The fund pays"), "en")
    )
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert f"BKDMPQR-{number}" in page
        assert "The fund pays" in page


def test_a_document_is_tagged_has_a_language_and_a_title():
    reader = PdfReader(io.BytesIO(render("activities/attendance", attendance(marks=[LOGO]), "sv")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert reader.metadata.title == "Attendance: First aid"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


@pytest.mark.parametrize(
    "name", ['#panic("gone")', "*bold* _x_ $1$ <label> @ref", '"]) #read("/etc/passwd")', "\\u{1}"]
)
def test_what_people_write_is_text_and_never_markup(name):
    page = text_of(render("activities/attendance", attendance(name=name), "en"))[0]
    assert name.replace(" ", "") in "".join(page.split())


@pytest.mark.parametrize("name", ["日本 😀", "a\x00\x07b", "\u202eabc", "Київ", ""])
def test_strange_letters_still_give_a_document(name):
    assert text_of(render("activities/attendance", attendance(name=name), "en"))
