"""Every form behind the access table takes or refuses any text, and every page and list shows any text harmlessly.

Nothing here names a form or a page: a new address is tried because it has its line in the access table.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.apps import apps
from django.db import transaction
from django.db.models import CharField, Field, Model, TextField
from django.urls import Resolver404, resolve, reverse
from icalendar import Calendar

from samverk.kit.acting import Refusal
from samverk.trail.models import LimitCount
from tests.cast import Cast, signed_in_client
from tests.house.access import ACCESS, Door
from tests.house.forms_of import PageForm, forms_of
from tests.house.hostile import strings, what_runs
from tests.house.strict import StrictClient

# Who tries a door: the first of these who passes it.
FIRST = ("coordinator", "keeper", "representative", "participant", "leader", "mentor", "visitor")
SENDS = 3
ANCHOR = re.compile(r'href="#([^"]+)"')


class House:
    """The whole house with one browser per role, a well of texts, and what went wrong."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.browsers = {role: signed_in_client(cast.person(role)) for role in FIRST}
        self.texts = cycle(strings())
        self.faults: list[Any] = []
        self.sends = self.taken = 0

    def browser_for(self, door: Door) -> StrictClient:
        return self.browsers[next(role for role in (*FIRST, *door.passes) if role in door.passes)]

    def ask(self, label: str, function: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer, judged; None when the server broke."""
        # Limits count by address of the network; they are not what is tried here.
        LimitCount.objects.all().delete()
        try:
            answer = function(*args, **kwargs)
        except Exception as fault:  # noqa: BLE001  every fault of the house is listed, not only the first
            self.faults.append((label, type(fault).__name__, str(fault)[:300], ascii(args[1:])[:200]))
            return None
        if answer.status_code >= 500:
            self.faults.append((label, answer.status_code))
        is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if is_page and (running := what_runs(answer.content.decode())):
            self.faults.append((label, running[:3]))
        return answer


@contextmanager
def taken_back(browser: StrictClient) -> Iterator[None]:
    """What is done within is undone: in the database, and in a browser that signed out."""
    before, cookies = transaction.savepoint_create(), deepcopy(browser.cookies)
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        browser.cookies = cookies


def hostile_values(form: PageForm, texts: Iterator[str], number: int) -> dict[str, str]:
    """First every control, whatever its kind, holds a text; then only what is written, cut to what it holds."""
    values = form.as_it_stands()
    if number == 0:
        return {name: next(texts) for name in form.controls}
    for control in form.written:
        text = next(texts).replace("\0", "")
        values[control.name] = text[: control.most] if control.most else text
    return values


def plainly(form: PageForm, pointed_at: set[str]) -> dict[str, str]:
    stands = form.as_it_stands()
    return {
        name: stands.get(name) or "A1"
        for name, control in form.controls.items()
        if control.ident in pointed_at or f"id_{name}" in pointed_at
    }


def try_form(house: House, browser: StrictClient, form: PageForm, label: str) -> None:
    for number in range(SENDS if form.written else 1):
        values = hostile_values(form, house.texts, number)
        house.sends += 1
        with taken_back(browser):
            if form.method == "get":
                house.ask(label, browser.get, f"{urlsplit(form.action).path}?{urlencode(values)}")
                continue
            answer = house.ask(label, browser.post, form.action, values)
            if answer is not None and answer.status_code == 422 and number:
                # What it points at is narrower than it looks, a code for example: that holds plain letters now.
                values |= plainly(form, set(ANCHOR.findall(answer.content.decode())))
                answer = house.ask(label, browser.post, form.action, values)
            if answer is not None and answer.status_code in (302, 303):
                house.taken += 1
                if number == 1:
                    house.ask(label, browser.get, answer["Location"])


def test_every_form_takes_or_refuses_any_text(cast):
    house, tried, names = House(cast), set(), set()
    for name, door in ACCESS.items():
        if door.post:
            continue
        browser = house.browser_for(door)
        with taken_back(browser):
            address = reverse(name, kwargs=door.args(cast))
            page = house.ask(name, browser.get, address)
            if page is None or page.streaming or not page.get("Content-Type", "").startswith("text/html"):
                continue
            for form in forms_of(page.content.decode(), address):
                target = name_of(form.action)
                signs = (target, form.method, tuple(form.controls))
                if signs not in tried:
                    tried.add(signs)
                    names |= set(form.controls)
                    try_form(house, browser, form, f"{name} → {target}")
    sent_to = {target for target, method, _controls in tried if method == "post"}
    for name, door in ACCESS.items():
        # Its form stands on no page in this state of things: it is sent every field that we know.
        if door.post and name not in sent_to:
            browser = house.browser_for(door)
            with taken_back(browser):
                address = reverse(name, kwargs=door.args(cast))
                for text in ("9" * 400, *islice(house.texts, 2)):
                    with taken_back(browser):
                        house.ask(name, browser.post, address, dict.fromkeys(names, text))
    assert not house.faults
    # Many took what was written, so that pages showed it; the rest refused.
    assert house.taken > 100


def name_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return address


# ---------- rows full of such texts ----------

# What nobody types: chosen from lists, made by us, or checked for their shape before they are stored.
MADE_BY_US = re.compile(
    r"(^|_)(code|key|hash|digest|scope|state|status|kind|language|country|currency|email|web|url|link|verb|method|scheme|"
    r"sequence|uid|content|path|type|version|role|time_zone|folded|text_hash|measure|thumbprint|purpose|thing)(_|$)"
)


def typed_columns(model: type[Model]) -> list[Field]:
    return [
        field
        for field in model._meta.local_concrete_fields
        if type(field) in (CharField, TextField)
        and not (field.choices or field.unique or field.is_relation or MADE_BY_US.search(field.name))
    ]


def fill_with(texts: Iterator[str]) -> int:
    """Every typed column of every row of ours holds a text of its own; the number of texts written."""
    written = 0
    for model in apps.get_models():
        columns = typed_columns(model) if model.__module__.startswith("samverk.") else []
        for pk in model._default_manager.values_list("pk", flat=True) if columns else ():
            values = {
                column.name: (next(texts).replace("\0", "") or "=1+1")[: column.max_length]
                for column in columns
            }
            model._default_manager.filter(pk=pk).update(**values)
            written += len(values)
    return written


def read_body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def faults_of_file(answer: Any) -> list[str]:
    """What a file that somebody takes along must not hold, by its kind."""
    kind, body = answer["Content-Type"].split(";")[0], read_body(answer)
    if kind == "text/csv":
        cells = [
            cell
            for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
            for cell in row
        ]
        return [cell[:40] for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    if kind == "application/pdf":
        return [] if body.startswith(b"%PDF") else ["not a PDF"]
    if kind in ("application/json", "application/ld+json"):
        json.loads(body)
    elif kind == "text/calendar":
        Calendar.from_ical(body)
        # A line of our own begins with a name; anything else would be somebody's text that broke out.
        lines = body.decode().replace("\r\n ", "").split("\r\n")
        return [line[:60] for line in lines if line and not re.match(r"[A-Z-]+[;:]", line)]
    elif "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as workbook:
            sheets = [
                workbook.read(name).decode()
                for name in workbook.namelist()
                if name.startswith("xl/worksheets/")
            ]
        return [sign for sign in ("<f>", "<f ", "<hyperlink") for sheet in sheets if sign in sheet]
    return []


def look_at(house: House, name: str, address: str) -> str:
    """Asks for one page or file, judges it, and says its kind."""
    answer = house.ask(name, house.browser_for(ACCESS[name]).get, address)
    if answer is None:
        return ""
    kind = answer["Content-Type"].split(";")[0] if answer.status_code == 200 else ""
    if answer.status_code not in (200, 302, 422):
        house.faults.append((name, answer.status_code))
    elif kind not in ("", "text/html"):
        house.faults += [(name, fault) for fault in faults_of_file(answer)]
    return kind


def test_every_page_and_list_shows_any_text_harmlessly(cast):
    house, kinds = House(cast), set()
    reading = {name: door for name, door in ACCESS.items() if not door.post}
    addresses: dict[str, str] = {}
    for name, door in reading.items():
        before = transaction.savepoint_create()
        try:
            addresses[name] = reverse(name, kwargs=door.args(cast))
        except Refusal:
            # What it shows stands here already, from another line.
            transaction.savepoint_rollback(before)
    for start in (0, 350):
        assert fill_with(islice(house.texts, start, None)) > 500
        kinds |= {look_at(house, name, address) for name, address in addresses.items()}
    assert not house.faults
    assert {"text/csv", "application/pdf", "text/calendar", "application/json"} <= kinds
    assert len(addresses) > 0.95 * len(reading)
