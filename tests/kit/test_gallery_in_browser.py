"""The gallery in a real browser: no fault that a machine can see, in light and dark, on phone and desktop."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from samverk.kit import vendor

FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWPORTS = {"phone": (360, 740), "desktop": (1280, 800)}

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(live_server) -> Iterator[Browser]:
    program = os.environ.get("SAMVERK_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def opened(
    browser: Browser, address: str, size: str, theme: str = "light", comfort: str = ""
) -> tuple[Page, list]:
    width, height = VIEWPORTS[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    if comfort:
        context.add_cookies([{"name": "comfort", "value": comfort, "url": address}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/gallery/")
    return page, said


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", VIEWPORTS)
def test_axe_finds_nothing_in_the_gallery(browser: Browser, live_server, size: str, theme: str) -> None:
    page, said = opened(browser, live_server.url, size, theme)
    page.evaluate((vendor.MODULES / "axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []
    assert said == []


@pytest.mark.parametrize("comfort", ["A.auto.motion", "App.auto.motion"])
def test_nothing_is_wider_than_a_small_phone_even_in_the_largest_text(
    browser: Browser, live_server, comfort: str
) -> None:
    page, _said = opened(browser, live_server.url, "phone", comfort=comfort)
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_after_a_refusal_the_focus_is_on_the_summary_and_a_link_leads_into_its_field(
    browser: Browser, live_server
) -> None:
    page, _said = opened(browser, live_server.url, "phone")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.click("#errors li:nth-child(2) a")
    assert page.evaluate("document.activeElement.name") == "email"


def test_one_box_chooses_the_page_and_the_bar_says_how_many(browser: Browser, live_server) -> None:
    page, _said = opened(browser, live_server.url, "desktop")
    page.check("[data-all]")
    assert page.inner_text("[data-chosen]").startswith("4")
    page.uncheck("[name=pick][value=a]")
    assert page.inner_text("[data-chosen]").startswith("3")


def test_keys_move_among_rows_and_can_be_turned_off_on_the_device(browser: Browser, live_server) -> None:
    page, _said = opened(browser, live_server.url, "desktop")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr').contains(document.querySelector('[value=a]'))")
    page.keyboard.press("x")
    assert page.is_checked("[name=pick][value=a]")
    page.keyboard.press("?")
    page.click("[data-shortcuts-help] button")
    page.keyboard.press("x")
    page.click("[name=pick][value=b]")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.value") == "b"
    page.fill("#id_name", "")
    page.type("#id_name", "jx?/")
    assert page.input_value("#id_name") == "jx?/"
