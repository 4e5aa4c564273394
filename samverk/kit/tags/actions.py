"""Buttons, links that look like buttons, and the line that takes an act back."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from samverk.kit import flash
from samverk.kit.tags.parts import icon

register = template.Library()

LOOKS = {
    "accent": ' data-color="accent"',
    "plain": "",
    "secondary": ' data-variant="secondary"',
    "tertiary": ' data-variant="tertiary"',
    "danger": ' data-variant="secondary" data-color="danger"',
}


@register.simple_tag
def action(href: str, text: Any, icon_name: str = "", look: str = "plain") -> SafeString:
    """A link that looks like a button. One accent a page."""
    return format_html(
        '<a class="ds-button"{} href="{}">{}{}</a>',
        mark_safe(LOOKS[look]),
        href,
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def button(text: Any, icon_name: str = "", look: str = "plain", **attrs: Any) -> SafeString:
    """A button inside a form: name=, value=, id= and more as attributes."""
    rest = format_html_join(
        "", ' {}="{}"', ((name.replace("_", "-"), value) for name, value in attrs.items())
    )
    return format_html(
        '<button class="ds-button"{}{}>{}{}</button>',
        mark_safe(LOOKS[look]),
        rest,
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def submit(text: Any, icon_name: str = "check", look: str = "accent") -> SafeString:
    """The button that ends a form."""
    return button(text, icon_name, look)


@register.simple_tag(takes_context=True)
def post_button(
    context: Any, url: str, text: Any, icon_name: str = "", look: str = "secondary", **fields: Any
) -> SafeString:
    """A form of one button that posts to `url`; further names become hidden fields."""
    hidden = {"csrfmiddlewaretoken": context.get("csrf_token", ""), **fields}
    inputs = format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden.items())
    pressed = button(text, icon_name, look)
    return format_html('<form method="post" action="{}" class="inline">{}{}</form>', url, inputs, pressed)


@register.simple_tag
def more(href: str, text: Any) -> SafeString:
    """A link onwards with its arrow."""
    return format_html('<a class="more" href="{}">{} {}</a>', href, text, icon("arrow-right"))


@register.inclusion_tag("kit/flash_lines.html", takes_context=True)
def flash_lines(context: Any) -> dict[str, Any]:
    """What the last act did, with its undo."""
    request = context.get("request")
    waiting = flash.lines(request) if hasattr(request, "_messages") else []
    return {"lines": waiting, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("kit/undo_line.html", takes_context=True)
def undo_line(context: Any, text: Any, url: str = "") -> dict[str, Any]:
    """One line that says what was done; `url` takes it back by POST."""
    return {"text": text, "url": url, "csrf_token": context.get("csrf_token")}
