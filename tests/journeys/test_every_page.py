"""Every page of the access table that a visitor, participant or coordinator reads: axe, light and dark, phone and desktop."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Error

from tests.cast import make_cast
from tests.house.access import ACCESS
from tests.journeys.conftest import SIZES

pytestmark = pytest.mark.journey
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The gallery has a test of its own; files, feeds and fragments are no pages.
NOT_PAGES = {"gallery", "health", "public:organisation_names", "office:evidence", "portal:evidence"}


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def _pages(cast, role: str) -> list[tuple[str, str]]:
    found = []
    for name, door in sorted(ACCESS.items()):
        if door.post or role not in door.passes or name in NOT_PAGES:
            continue
        with override("en"):
            address = reverse(name, kwargs=door.args(cast))
        last = address.rstrip("/").rsplit("/", 1)[-1]
        if "." not in last:
            found.append((name, address))
    return found


def _opened(page, address: str):
    """The answer, or None where the address gives a file to keep."""
    try:
        return page.goto(address)
    except Error as no:
        if "Download is starting" not in str(no):
            raise
        return None


@pytest.mark.parametrize(("role", "size", "scheme"), [
    ("visitor", "phone", "light"),
    ("visitor", "desktop", "dark"),
    ("representative", "phone", "dark"),
    ("coordinator", "phone", "light"),
    ("coordinator", "desktop", "dark"),
])  # fmt: skip
def test_no_page_has_a_fault_that_axe_sees(cast, open_page, role, size, scheme):
    page = open_page(cast.person(role), size=size, bypass_csp=True, color_scheme=scheme)
    wrong = []
    for name, address in _pages(cast, role):
        answer = _opened(page, address)
        if answer is None or not (answer.headers.get("content-type") or "").startswith("text/html"):
            continue
        page.evaluate(AXE.read_text())
        seen = page.evaluate("(tags) => axe.run({runOnly: tags})", RULES)
        wrong += [f"{name}: {fault['id']} at {fault['nodes'][0]['target']}" for fault in seen["violations"]]
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if width > SIZES[size]["width"]:
            wrong.append(f"{name}: {width} px wide")
    assert wrong == []
