"""Fields of a form, and the summary of what is to be put right."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field whole: label, hint, error, control."""
    return bound.as_field_group()


@register.simple_tag
def field_row(*bound: BoundField) -> SafeString:
    """Fields side by side where there is room."""
    return format_html(
        '<div class="field-row">{}</div>', mark_safe("".join(one.as_field_group() for one in bound))
    )


@register.inclusion_tag("kit/error_summary.html")
def error_summary(form: BaseForm, title: str = "") -> dict[str, Any]:
    """What is to be put right, each a link to its field, in the words that stand by the field."""
    errors = [{"anchor": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        errors += [{"anchor": getattr(bound, "anchor", ""), "text": text} for text in bound.errors]
    usual = ngettext("%(n)s thing to put right", "%(n)s things to put right", len(errors)) % {
        "n": len(errors)
    }
    return {"errors": errors, "title": title or usual}
