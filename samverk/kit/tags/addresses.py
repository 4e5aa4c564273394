"""Menus, the way here, and this page in other languages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext as _

from samverk.kit.tags import parts

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_link(
    context: Any, name: str, text: Any, icon: str = "", also: str = "", count: int = 0
) -> SafeString:
    """One entry of a menu, marked when the page is it or one of `also`."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match is not None and match.view_name in {name, *also.split()}
    return format_html(
        "<li>{}{}</a></li>",
        _entry(name, str(text), icon, here, get_language() or settings.LANGUAGE_CODE),
        _waiting(count) if count else "",
    )


@lru_cache(maxsize=1024)
def _entry(name: str, text: str, icon: str, here: bool, language: str) -> SafeString:
    """An entry up to its count: the same for everybody who reads this language."""
    return format_html(
        '<a href="{}"{}>{}<span>{}</span>',
        reverse(name),
        mark_safe(' aria-current="page"') if here else "",
        parts.icon(icon) if icon else "",
        text,
    )


def _waiting(count: int) -> SafeString:
    return format_html(
        '<span class="count hot">{}<span class="ds-sr-only"> {}</span></span>', count, _("waiting")
    )


@register.simple_tag(takes_context=True)
def language_links(context: Any) -> SafeString:
    """<link rel="alternate"> for each language that this public page has."""
    request: HttpRequest | None = context.get("request")
    own = get_language_from_path(request.path_info) if request else None
    if request is None or own is None:
        return mark_safe("")
    # Addresses differ in their first part only: no word of them is translated.
    rest = request.path.removeprefix(f"/{own}")
    links = [(code, request.build_absolute_uri(f"/{code}{rest}")) for code, _name in settings.LANGUAGES]
    return format_html_join("", '<link rel="alternate" hreflang="{}" href="{}">', links)


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """The way here: text and address in turn, the page itself left out."""
    steps = zip(pairs[::2], pairs[1::2], strict=True)
    items = format_html_join("", '<li><a href="{}">{}</a></li>', ((href, text) for text, href in steps))
    return format_html('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), items)
