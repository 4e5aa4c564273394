"""Parts of a mail: tables, and colours as attributes, since mail programs load no sheets."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def mail_part(content: str, hint: bool = False) -> SafeString:
    """One row of a mail."""
    return format_html('<tr><td class="tight{}">{}</td></tr>', " hint" if hint else "", content)


@register.simple_block_tag
def mail_facts(content: str) -> SafeString:
    """The facts of a mail; holds {% mail_fact %}."""
    return format_html(
        '<tr><td class="tight"><table role="presentation" class="facts" width="100%" cellpadding="0"'
        ' cellspacing="0" border="0">{}</table></td></tr>',
        content,
    )


@register.simple_block_tag
def mail_fact(content: str, term: Any) -> SafeString:
    return format_html('<tr><td class="k">{}</td><td>{}</td></tr>', term, content)


@register.simple_tag
def mail_action(href: str, text: Any) -> SafeString:
    """The one button of a mail."""
    return format_html(
        '<tr><td class="tight"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        '<td class="btn" bgcolor="#b4472e"><a href="{}">{}</a></td></tr></table></td></tr>',
        href,
        text,
    )


@register.simple_tag
def mail_code(code: str) -> SafeString:
    """A code in large letters."""
    return format_html(
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        '<td class="code" bgcolor="#fbefd2">{}</td></tr></table>',
        code,
    )
