"""The kit's tags and filters. They are builtins: no template loads them.

`docs/components.md` lists them with their arguments; the gallery shows them in every state.
"""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_from_path, ngettext, override
from django.utils.translation import gettext as _

from samverk.kit import charts, flash, vendor, words

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


# ---------- words ----------

register.filter("hours", words.hours)
register.filter("clock", words.clock)
register.filter("number", words.number)
register.filter("percent", words.percent)
register.filter("initials", words.initials)


@register.filter
def money(value: Any, currency: str = "") -> str:
    """{{ amount|money:"SEK" }}"""
    return words.money(value, currency)


@register.filter
def day(moment: Any, how: str = "") -> str:
    """{{ session.start|day }} or |day:"year"."""
    return words.day(moment, year=how == "year")


@register.filter
def until(start: Any, end: Any) -> str:
    """{{ session.start|until:session.end }} gives 18:00–20:00."""
    return words.span(start, end)


@register.filter
def phone_href(number: str) -> str:
    """The address that a phone rings: spaces and dashes taken away."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


# ---------- small parts ----------


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside its word; hidden from readers, since the word says it."""
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


# ---------- actions ----------

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


@register.inclusion_tag("kit/post_button.html", takes_context=True)
def post_button(
    context: Any, url: str, text: Any, icon_name: str = "", look: str = "secondary", **fields: Any
) -> dict[str, Any]:
    """A form of one button that posts to `url`; further names become hidden fields."""
    pressed = button(text, icon_name, look)
    return {"url": url, "button": pressed, "fields": fields, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def more(href: str, text: Any) -> SafeString:
    """A link onwards with its arrow."""
    return format_html('<a class="more" href="{}">{} {}</a>', href, text, icon("arrow-right"))


# ---------- addresses ----------


@register.simple_tag
def safe_url(name: str, *args: Any) -> str:
    """The address of a view, or “#” while the view does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return "#"


@register.inclusion_tag("kit/nav_link.html", takes_context=True)
def nav_link(
    context: Any, name: str, text: Any, icon: str = "", also: str = "", count: int = 0
) -> dict[str, Any]:
    """One entry of a menu, marked when the page is it or one of `also`."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match is not None and match.view_name in {name, *also.split()}
    return {"href": safe_url(name), "text": text, "icon_name": icon, "here": here, "count": count}


@register.simple_tag(takes_context=True)
def language_links(context: Any) -> SafeString:
    """<link rel="alternate"> for each language that this public page has."""
    from django.conf import settings

    request: HttpRequest | None = context.get("request")
    own = get_language_from_path(request.path_info) if request else None
    if request is None or own is None:
        return mark_safe("")
    links = []
    with override(own):
        for code, _name in settings.LANGUAGES:
            links.append((code, request.build_absolute_uri(translate_url(request.path, code))))
    return format_html_join("", '<link rel="alternate" hreflang="{}" href="{}">', links)


@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """The way here: text and address in turn, the page itself left out."""
    steps = zip(pairs[::2], pairs[1::2], strict=True)
    items = format_html_join("", '<li><a href="{}">{}</a></li>', ((href, text) for text, href in steps))
    return format_html('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), items)


# ---------- forms ----------


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


# ---------- blocks of a page ----------


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


@register.simple_tag
def progress(value: float, most: float, said: Any, behind: bool = False) -> SafeString:
    """A bar that also says itself: {% progress 3 5 _("3 of 5 done") %}"""
    return format_html(
        '<progress value="{}" max="{}" aria-label="{}"{}></progress>',
        value,
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


# ---------- lists ----------


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


# ---------- charts ----------


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


# ---------- long work ----------


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


# ---------- mail: table layout, colours as attributes ----------


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
