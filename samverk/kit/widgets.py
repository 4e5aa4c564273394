"""The controls that most forms are made of, written straight into HTML: Django's templates for them include each other
for every attribute of every option, and a page with a form spent half its time there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString


def attributes(widget: Mapping[str, Any]) -> str:
    """What stands in the tag; True is a name alone, False is left out."""
    shown = []
    for name, value in widget["attrs"].items():
        if value is True:
            shown.append(f" {escape(name)}")
        elif value is not False:
            shown.append(f' {escape(name)}="{escape(value)}"')
    return "".join(shown)


def input_box(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escape(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{value}{attributes(widget)}>'


def text_area(widget: Mapping[str, Any]) -> str:
    # A line break right after the tag is not part of the text; without ours, a first one of the text would be lost.
    value = escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{attributes(widget)}>\n{value}</textarea>'


def select(widget: Mapping[str, Any]) -> str:
    groups = []
    for group, options, _index in widget["optgroups"]:
        shown = "".join(
            f'<option value="{escape(option["value"])}"{attributes(option)}>{escape(option["label"])}</option>'
            for option in options
        )
        groups.append(f'<optgroup label="{escape(group)}">{shown}</optgroup>' if group else shown)
    return f'<select name="{escape(widget["name"])}"{attributes(widget)}>{"".join(groups)}</select>'


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{
        f"django/forms/widgets/{name}.html": input_box
        for name in (
            "input", "text", "email", "number", "url", "tel", "search", "hidden", "password", "date", "datetime",
            "time", "color", "checkbox",
        )
    },
    "django/forms/widgets/textarea.html": text_area,
    "django/forms/widgets/select.html": select,
}  # fmt: skip
"""By the name of Django's template."""


def drawn(template_name: str, context: Mapping[str, Any]) -> SafeString | None:
    """The control as HTML, or None where a template draws it."""
    draw = DRAWN.get(template_name)
    return SafeString(draw(context["widget"])) if draw else None
