"""Tabs, saved views, filters, pages, and choosing many rows."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.kit import words

register = template.Library()


@register.inclusion_tag("kit/tabs.html")
def tabs(items: Any, label: Any) -> dict[str, Any]:
    """Tabs with counts: items have text, href, count (or None), here."""
    return {"items": items, "label": label}


@register.inclusion_tag("kit/views_bar.html")
def views_bar(items: Any, save_href: str = "") -> dict[str, Any]:
    """Saved views as chips: items have text, href, here."""
    return {"items": items, "save_href": save_href}


@register.inclusion_tag("kit/filter_fold.html", takes_context=True)
def filter_fold(context: Any, form: BaseForm, keep: str = "") -> dict[str, Any]:
    """A GET form that folds on phones; `keep` names parameters of the address to carry along."""
    request = context.get("request")
    kept = [(name, request.GET[name]) for name in keep.split() if request and name in request.GET]
    return {
        "form": form,
        "kept": kept,
        "chosen": getattr(form, "chosen", 0),
        "path": getattr(request, "path", ""),
    }


@register.inclusion_tag("kit/pager.html", takes_context=True)
def pager(context: Any, page: Page) -> dict[str, Any]:
    """Pages of a list; the rest of the address stays."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def href(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    gap = page.paginator.ELLIPSIS
    numbers = [
        {"text": number, "href": "" if number == gap else href(int(number)), "here": number == page.number}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    before = href(page.previous_page_number()) if page.has_previous() else ""
    after = href(page.next_page_number()) if page.has_next() else ""
    return {"page": page, "numbers": numbers, "before": before, "after": after}


@register.simple_block_tag
def bulk_bar(content: str, chosen: int = 0, all_text: Any = "", all_href: str = "") -> SafeString:
    """Over a table of checkboxes: how many are chosen, and the buttons for them."""
    said = ngettext("%(n)s chosen.", "%(n)s chosen.", chosen) % {"n": words.number(chosen)}
    every = format_html(' <a href="{}">{}</a>', all_href, all_text) if all_href else ""
    return format_html(
        '<div class="bulk"><p><strong data-chosen>{}</strong>{}</p><div class="row">{}</div></div>',
        said,
        every,
        content,
    )


@register.simple_tag
def pick(name: str, value: Any, who: Any, checked: bool = False) -> SafeString:
    """The checkbox of one row, with a target a thumb can hit."""
    return format_html(
        '<label class="pick"><span class="ds-sr-only">{}</span><input type="checkbox" name="{}" value="{}"{}></label>',
        _("Select %(who)s") % {"who": who},
        name,
        value,
        mark_safe(" checked") if checked else "",
    )
