"""A real Chromium for the journeys: phone and desktop, signed in as anybody of the cast."""

from __future__ import annotations

import os

import pytest

from tests.cast import signed_in_client

# The browser's driver keeps an event loop in this thread; the tests' own reads are no danger to it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ARGS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def browser():
    """One for each file: its event loop must have ended before another suite opens a browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chosen = os.environ.get("SAMVERK_TEST_BROWSER", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chosen, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server):
    """open_page(person, size="phone") gives a page in a browser of its own; console faults gather in ``faults``."""
    opened = []

    def open_as(person=None, size: str = "phone", **options):
        context = browser.new_context(
            viewport=SIZES[size], locale="en-GB", base_url=live_server.url, **options
        )
        if person is not None:
            key = signed_in_client(person).session.session_key
            context.add_cookies([{"name": "samverk", "value": key, "url": live_server.url}])
        context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        opened.append(context)
        return page

    yield open_as
    for context in opened:
        context.close()
