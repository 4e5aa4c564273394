"""Icons, states, shapes: the small parts of a page."""

from __future__ import annotations

import datetime as dt
import zlib
from functools import cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from samverk.kit import vendor, words
from samverk.kit.qr import qr_element

register = template.Library()

ICONS = vendor.icon_names()
TONES = ("teal", "brick", "sun", "sky")
KIND_ICONS = {
    "ok": "circle-check",
    "wait": "hourglass",
    "bad": "circle-x",
    "act": "flag",
    "info": "circle-dot",
    "off": "circle-dashed",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside its word; hidden from readers, since the word says it."""
    return _drawing(name, staticfiles_storage.__class__)  # type: ignore[arg-type]


@register.simple_tag
def qr(text: str, words: Any) -> SafeString:
    """A QR code on white, and what it is in words."""
    return qr_element(text, str(words))


@cache
def _drawing(name: str, storage: type) -> SafeString:
    # A list page has a thousand of them, and a hashed address is slow to look up. Each storage has its own addresses.
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"No icon {name!r}. Add it to samverk/kit/icons.txt.")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("vendor/icons.svg"), name
    )


@register.simple_tag
def script(name: str) -> SafeString:
    """One of the kit's own modules, for a page that uses it."""
    return format_html('<script type="module" src="{}"></script>', static(f"kit/{name}.js"))


@register.simple_tag
def yes_no(value: Any, wanted: Any) -> str:
    """“true” or “false”, for ARIA attributes."""
    return "true" if value == wanted else "false"


@register.simple_tag
def tag(kind: str, text: Any, icon_name: str = "") -> SafeString:
    """A state as colour, sign and word: ok, wait, bad, info, off."""
    sign = icon(icon_name or KIND_ICONS[kind])
    return format_html('<span class="tag" data-kind="{}">{}{}</span>', kind, sign, text)


@register.simple_block_tag
def status(content: str, kind: str = "", icon_name: str = "") -> SafeString:
    """The status sentence of a page: state, date, what comes, who acts."""
    sign = icon(icon_name or KIND_ICONS.get(kind, "info"))
    return format_html(
        '<p class="status" data-kind="{}"><span class="dot">{}</span><span>{}</span></p>', kind, sign, content
    )


@register.simple_block_tag
def notice(content: str, kind: str = "info", icon_name: str = "") -> SafeString:
    """A line that tells something: info, wait or bad."""
    signs = {"info": "info", "wait": "hourglass", "bad": "circle-alert"}
    sign = icon(icon_name or signs[kind])
    return format_html('<div class="notice" data-kind="{}">{}<div>{}</div></div>', kind, sign, content)


@register.simple_block_tag
def with_icon(content: str, name: str) -> SafeString:
    """An icon and a sentence that wraps beside it."""
    return format_html('<p class="with-icon">{}<span>{}</span></p>', icon(name), content)


@register.simple_tag
def leaf(moment: dt.date | dt.datetime, past: bool = False) -> SafeString:
    """A date as a calendar leaf."""
    here = words.local(moment)
    return format_html(
        '<time class="leaf" datetime="{}"{}><span class="wd">{}</span><span class="dd">{}</span>'
        '<span class="mm">{}</span></time>',
        here.isoformat(timespec="minutes") if isinstance(here, dt.datetime) else here.isoformat(),
        mark_safe(" data-past") if past else "",
        format_date(here, "D").capitalize(),
        here.day,
        words.month(here),
    )


def _tone(name: str) -> str:
    """The same name always has the same colour."""
    return TONES[zlib.crc32(str(name).encode()) % len(TONES)]


@register.simple_tag
def arch(name: Any) -> SafeString:
    """An organisation: a door with its initials."""
    return format_html(
        '<span class="arch tone-{}" aria-hidden="true">{}</span>', _tone(name), words.initials(str(name))
    )


@register.simple_tag
def face(name: Any) -> SafeString:
    """A person: a circle with initials."""
    return format_html(
        '<span class="face tone-{}" aria-hidden="true">{}</span>', _tone(name), words.initials(str(name))
    )


@register.simple_tag
def count(number: int, hot: bool = False) -> SafeString:
    """A count in a pill; hot where it asks for action."""
    return format_html('<span class="count{}">{}</span>', " hot" if hot else "", words.number(number))
