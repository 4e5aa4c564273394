"""Documents on paper: tagged PDF by Typst, from our templates and plain facts.

    pdf = render("activities/attendance", {"sheet": sheet(title, code=session.code), "rows": […]}, "sv")

A template lies in `samverk/<app>/typst/<name>.typ`. It is set after `samverk/kit/typst/sheet.typ`, so it may use
what stands there: `data` (the facts), `frame` (the whole page: header, funder's line, page x of y, code and its QR),
`title-block`, `facts`, `grid-table`, `signature-line`, `note`, and the colours. It begins with `#show: frame`.

Facts reach a template as JSON and are set as text, never as markup: a name such as `#panic()` is a name.
Typst sees an empty folder and our fonts, so a template can read no file and fetch no package.
Every word a reader sees comes with the facts, already translated; a template holds none.
"""

from __future__ import annotations

import base64
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.kit import vendor
from samverk.kit.qr import qr_drawing

log = logging.getLogger("samverk.documents")
KIT_SHEET = Path(__file__).parent / "typst" / "sheet.typ"
# Readable by assistive technology, and readable in twenty years.
STANDARDS: list[Any] = ["ua-1", "a-2a"]


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, and what it shows in words (a reader's ears need them)."""

    svg: str
    words: str


def sheet(
    title: str,
    *,
    code: str = "",
    owner: str = "",
    funder_line: str = "",
    marks: Sequence[Picture] = (),
    landscape: bool = False,
) -> dict[str, Any]:
    """What stands on every page: the key `sheet` of a document's facts.

    `owner` stands at the top (centre and programme), `funder_line` and `marks` are the funder's information, and
    `code` is printed on each page as CODE-PAGE, in letters and as QR, so that a scan of the page can be filed.
    """
    return {
        "title": title,
        "code": code,
        "owner": owner,
        "funder_line": funder_line,
        "marks": [asdict(mark) for mark in marks],
        "landscape": landscape,
    }


def picture_of(content: bytes, media_type: str, width: int, height: int, words: str) -> Picture:
    """A photograph or logo as a Picture: the bytes stand inside an SVG of its size in pixels."""
    inside = base64.b64encode(content).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:{media_type};base64,{inside}"/></svg>'
    )
    return Picture(svg, words)


@dataclass(frozen=True)
class Layout:
    """How many pages a document takes, and on which page each thing stands that its template marks as `<row>`."""

    pages: int
    rows: list[int]


def layout_of(template_name: str, data: Mapping[str, Any], language: str) -> Layout:
    """Where things come to stand when `data` is rendered with codes of its own on each page."""
    source = _source(template_name)
    settings = _settings(_plain(data, language) | {"codes": [""]})
    pages = int(typst.query(source, "<pages>", field="value", one=True, **settings))
    return Layout(pages, json.loads(typst.query(source, "<row>", field="value", **settings)))


def render(template_name: str, data: Mapping[str, Any], language: str, *, codes: Sequence[str] = ()) -> bytes:
    """A PDF of the template `app/name` with these facts, in a language.

    `codes` are for paper that comes back as a photo: one for each page, as a large QR with its letters below.

    Facts are JSON: text, numbers, lists and dictionaries; dates come as words. `data["sheet"]` is made by `sheet()`.
    The file follows PDF/UA-1 and PDF/A-2a. Where a letter is in none of our fonts, it is tagged all the same and
    shows a box for that letter. Raises typst.TypstError where a template is wrong.
    """
    source, facts = _source(template_name), _plain(data, language)
    code = facts["sheet"]["code"]
    if codes:
        facts |= {"codes": list(codes), "qr": [qr_drawing(one, error="q") for one in codes]}
    elif code:
        pages = int(typst.query(source, "<pages>", field="value", one=True, **_settings(facts)))
        facts["qr"] = [qr_drawing(f"{code}-{page}") for page in range(1, pages + 1)]
    try:
        return typst.compile(source, format="pdf", pdf_standards=STANDARDS, **_settings(facts))
    except typst.TypstError as problem:
        if "could not be displayed" not in problem.message:
            raise
        log.warning("a letter is in none of the fonts", extra={"template": template_name})
        return typst.compile(source, format="pdf", **_settings(facts))


def render_picture(
    template_name: str, data: Mapping[str, Any], language: str, *, dots: float = 110.0
) -> bytes:
    """The first page of a document as PNG, for a preview on a screen; `dots` to an inch. Facts as for `render`."""
    made: Any = typst.compile(
        _source(template_name), format="png", ppi=dots, **_settings(_plain(data, language))
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _source(template_name: str) -> bytes:
    return (KIT_SHEET.read_text("utf-8") + _template(template_name).read_text("utf-8")).encode()


def _plain(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Facts as JSON knows them, with the words that stand on every page."""
    facts: dict[str, Any] = _clean(json.loads(json.dumps(data, cls=DjangoJSONEncoder)))
    with override(language):
        facts["language"] = language
        facts["words"] = {"page": _("Page {page} of {pages}")}
        facts |= {"qr": [], "codes": []}
    return facts


def _template(name: str) -> Path:
    app, _slash, own = name.partition("/")
    return Path(apps.get_app_config(app).path) / "typst" / f"{own}.typ"


def _settings(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "root": _empty_folder(),
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "package_path": _empty_folder(),
        "package_cache_path": _empty_folder(),
        "sys_inputs": {"data": json.dumps(facts)},
    }


@cache
def _fonts() -> typst.Fonts:
    """Ours first; the serif that Typst carries has the Cyrillic and Greek letters ours lacks."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(vendor.print_fonts())]
    )


@cache
def _empty_folder() -> str:
    return tempfile.mkdtemp(prefix="samverk-typst-")


def _clean(value: Any) -> Any:
    """Without control characters, which no font can show."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign >= " " or sign == "\n")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return value
