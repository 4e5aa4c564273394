"""Figures: tiles, bars, charts, work that takes a while."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from samverk.kit import charts, words

register = template.Library()


@register.simple_tag
def progress(value: float, most: float, said: Any, behind: bool = False) -> SafeString:
    """A bar that also says itself: {% progress 3 5 _("3 of 5 done") %}. More than all is a full bar."""
    return format_html(
        '<progress value="{}" max="{}" aria-label="{}"{}></progress>',
        min(value, most or 1),
        most or 1,
        said,
        mark_safe(' data-kind="behind"') if behind else "",
    )


@register.simple_block_tag
def tile(
    content: str,
    href: str,
    label: Any,
    value: Any,
    most: Any = None,
    behind: bool = False,
    value_now: Any = None,
) -> SafeString:
    """A figure that opens to its rows; the content is its trend in words."""
    now = value if value_now is None else value_now
    shown = words.number(value) if isinstance(value, int) else value
    of = most is not None
    whole = format_html(" <small>{}</small>", _("of %(most)s") % {"most": words.number(most)}) if of else ""
    bar = progress(now, most, f"{label}: {shown} / {most}", behind) if of else ""
    return format_html(
        '<li><a class="tile" href="{}"><span class="label">{}</span><span class="value">{}{}</span>{}{}</a></li>',
        href,
        label,
        shown,
        whole,
        bar,
        format_html('<span class="trend">{}</span>', content) if content.strip() else "",
    )


@register.simple_tag
def chart(figure: charts.Chart) -> SafeString:
    """Any chart of `samverk.kit.charts`, with its table."""
    return mark_safe(render_to_string(figure.template, {"chart": figure}))


@register.simple_tag
def spark(values: list[float], said: Any) -> SafeString:
    """A line of figures in a row of a table; `said` is what it shows."""
    if not values:
        return mark_safe("")
    return mark_safe(render_to_string("kit/charts/spark.html", {"spark": charts.Spark(values, said)}))


@register.inclusion_tag("kit/work.html", takes_context=True)
def long_work(context: Any, work: Any, id: str = "work") -> dict[str, Any]:
    """Work that takes a while: title, step, done, total, left (in words), finished."""
    said = _("%(done)s of %(total)s") % {"done": words.number(work.done), "total": words.number(work.total)}
    request = context.get("request")
    return {"work": work, "id": id, "said": said, "path": request.get_full_path() if request else ""}


@register.inclusion_tag("kit/work_refresh.html")
def refresh_plainly(work: Any) -> dict[str, Any]:
    """For the head of the same page: without script the page loads itself again."""
    return {"work": work}
