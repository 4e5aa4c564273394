"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

WRITTEN = {"", "text", "search", "tel", "textarea"}
# What a control of a narrow kind holds when somebody fills it in well.
FITTING = {
    "email": "anybody@example.org", "url": "https://example.org/", "number": "1", "date": "2026-03-14", "time": "18:00",
    "month": "2026-03", "datetime-local": "2026-03-14T18:00", "checkbox": "on",
}  # fmt: skip
LEFT_OUT = {"csrfmiddlewaretoken"}


@dataclass
class Control:
    """A field: its kind, what stands in it, how much it holds (0: as much as one likes), its id on the page."""

    name: str
    kind: str
    value: str = ""
    most: int = 0
    ident: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """A form: where it goes, how, and its controls by name."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)

    @property
    def written(self) -> list[Control]:
        """What somebody types into."""
        return [control for control in self.controls.values() if control.kind in WRITTEN]

    def as_it_stands(self) -> dict[str, str]:
        """What is sent when somebody fills in well what is empty: an open choice takes its first answer."""
        return {
            name: control.value
            or next((value for value in control.options if value), FITTING.get(control.kind, ""))
            for name, control in self.controls.items()
            if control.kind not in ("file", "button")
        }


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.by_id: dict[str, PageForm] = {}
        self.forms: list[PageForm] = []
        self.here: PageForm | None = None
        self.chosen: Control | None = None
        self.area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.here = PageForm(has.get("action") or self.address, has.get("method", "get").lower())
            self.forms.append(self.here)
            if has.get("id"):
                self.by_id[has["id"]] = self.here
        elif tag in ("input", "textarea", "select", "button"):
            self._control(tag, has)
        elif tag == "option" and self.chosen is not None:
            value = has.get("value", "")
            self.chosen.options.append(value)
            if "selected" in has:
                self.chosen.value = value

    def _control(self, tag: str, has: dict[str, str]) -> None:
        owner = self.by_id.get(has.get("form", ""), self.here)
        name = has.get("name", "")
        if owner is None or not name or name in LEFT_OUT:
            return
        kind = has.get("type", "").lower() if tag == "input" else tag
        control = owner.controls.setdefault(name, Control(name, kind))
        control.ident, control.most = has.get("id", ""), int(has.get("maxlength", 0) or 0)
        if tag == "select":
            self.chosen = control
        elif tag == "textarea":
            self.area = control
        elif kind == "radio":
            control.options.append(has.get("value", ""))
            if "checked" in has:
                control.value = has.get("value", "")
        elif kind == "checkbox":
            control.options.append(has.get("value") or "on")
        else:
            control.value = control.value or has.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None
        elif tag == "select":
            self.chosen = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data


def forms_of(html: str, address: str) -> list[PageForm]:
    """Every form of a page that was got from an address."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms
