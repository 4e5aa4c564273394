"""Wall sheet and badges: every name, protected people by alias, long names and names written from the right."""

from __future__ import annotations

import io

import pypdf
import pytest

from samverk.kit.acting import THE_SHELL
from samverk.tables.commands import plans
from samverk.tables.documents import badges_document, wall_document
from samverk.tables.queries import guests_of
from tests.activities.sheets import fill_sheet, give_place
from tests.cast import make_person


@pytest.fixture
def plan(cast):
    fill_sheet(cast, 10)
    give_place(cast.activity, make_person("משה", "כהן", email="moshe@example.org"))
    give_place(cast.activity, make_person("أمينة", "يوسف", email="amina@example.org"))
    give_place(cast.activity, make_person("A" * 99, "B" * 100, email="long@example.org"))
    give_place(cast.activity, cast.protected)
    return plans.make_groups(
        cast.session, tables=4, rounds=2, mix=["sector"], organisations_apart=False, by=THE_SHELL
    )


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_wall_sheet_names_everybody_with_their_tables_and_the_protected_by_alias(plan, cast):
    said = text_of(wall_document(plan, "sv"))
    assert "Łucja Åkesson" in said
    assert cast.protected.family_name not in said
    assert cast.protected.code[:4] in said


def test_badges_fill_sheets_of_ten_and_no_name_is_too_long_or_from_the_wrong_side(plan, cast):
    pdf = badges_document(plan, guests_of(cast.session, only_here=False), "Frukost", "sv")
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2  # fourteen people
    said = text_of(pdf)
    assert "Łucja Åkesson" in said and "1" in said
    assert cast.protected.family_name not in said and cast.protected.code[:4] in said


def test_badges_are_printed_before_there_are_groups(cast):
    fill_sheet(cast, 3)
    assert "Amina Yusuf" in text_of(
        badges_document(None, guests_of(cast.session, only_here=False), "Frukost", "sv")
    )
