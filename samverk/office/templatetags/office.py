"""Tags of the office's own: the pages around an activity and around a session."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from samverk.office.activity_pages import ACTIVITY_PAGES, SESSION_PAGES, Page

register = template.Library()


@register.inclusion_tag("office/activities/_pages.html", takes_context=True)
def activity_pages(context: Any, activity: Any) -> dict[str, Any]:
    """Links to the pages of an activity, the present one marked; nothing where there is only one."""
    return {"items": _links(context, ACTIVITY_PAGES, activity)}


@register.inclusion_tag("office/activities/_pages.html", takes_context=True)
def session_pages(context: Any, session: Any) -> dict[str, Any]:
    """Links to the pages of a session, the present one marked; nothing where there is only one."""
    return {"items": _links(context, SESSION_PAGES, session)}


def _links(context: Any, pages: list[Page], thing: Any) -> list[dict[str, Any]]:
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    shown = [page for page in pages if page.may_see(request.user, thing)]
    return [
        {
            "href": reverse(page.name, args=[thing.code]),
            "text": page.text,
            "here": here == page.name or here in page.also,
        }
        for page in shown
    ]
