"""Blocks of a page: facts, folds, empty states."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from samverk.kit.tags.parts import icon

register = template.Library()


@register.simple_block_tag
def emptystate(content: str, title: Any, picture: str = "doors") -> SafeString:
    """Nothing here yet: what will be, why it is good, the next step. Pictures: doors, table, sun."""
    drawing = render_to_string(f"kit/pictures/{picture}.html")
    return format_html(
        '<div class="empty">{}<div class="stack-s"><h2 class="empty-title">{}</h2>{}</div></div>',
        drawing,
        title,
        content,
    )


@register.simple_block_tag
def facts(content: str, label: Any = "") -> SafeString:
    """A list of facts with their signs; holds {% fact %}."""
    return format_html(
        '<section class="facts" aria-label="{}"><dl>{}</dl></section>', label or _("Facts"), content
    )


@register.simple_block_tag
def fact(content: str, icon_name: str, term: Any) -> SafeString:
    """One fact: {% fact "map-pin" _("Where") %}…{% endfact %}"""
    return format_html('<div class="f"><dt>{}{}</dt><dd>{}</dd></div>', icon(icon_name), term, content)


@register.simple_block_tag
def pairs(content: str) -> SafeString:
    """Terms and values in two columns; holds {% pair %}."""
    return format_html('<dl class="pairs">{}</dl>', content)


@register.simple_block_tag
def pair(content: str, term: Any) -> SafeString:
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", term, content)


@register.simple_block_tag
def reveal(content: str, summary: Any, plain: bool = False, is_open: bool = False) -> SafeString:
    """A fold that opens."""
    return format_html(
        '<details class="reveal{}"{}><summary>{}</summary><div class="stack">{}</div></details>',
        " plain" if plain else "",
        mark_safe(" open") if is_open else "",
        summary,
        content,
    )


@register.inclusion_tag("kit/paper.html")
def paper(facts: Any) -> dict[str, Any]:
    """What stands on a certificate, word for word, as it does on paper."""
    return {"facts": facts}
