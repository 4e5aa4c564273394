"""Possible duplicates: a list of doubts, two rows side by side, joining them, taking them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.activities.permissions import people_visible_to
from samverk.directory.doubting import REASONS
from samverk.directory.identifiers import SCHEMES
from samverk.directory.merging import (
    KINDS,
    call_different,
    differing,
    may_undo_merge,
    merge_rows,
    plan_merge,
    undo_merge,
)
from samverk.directory.models import DoubtfulPair, Merge
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import typed_code
from samverk.office.doors import for_team
from samverk.office.forms.merges import MergeFindForm
from samverk.programmes.permissions import may_edit_directory, organisations_visible_to

ROWS = 25
PAGES = {"organisation": "office:organisation", "person": "office:person"}


def _keeps(request: HttpRequest) -> None:
    if not may_edit_directory(request.user):
        raise PermissionDenied


def _visible(request: HttpRequest, kind: str) -> QuerySet[Any]:
    """Rows of a kind that may be compared. Who has a protected identity is never compared on a page."""
    if kind == "organisation":
        return organisations_visible_to(request.user)
    if kind == "person":
        return people_visible_to(request.user).filter(is_protected=False)
    raise Http404


@for_team
def merges(request: HttpRequest) -> HttpResponse:
    return _list(request, MergeFindForm())


def _list(request: HttpRequest, form: MergeFindForm, status: int = 200) -> HttpResponse:
    _keeps(request)
    kind = request.GET.get("kind", "organisation")
    if kind not in KINDS:
        raise Http404
    ids = _visible(request, kind).values("pk")
    open_pairs = DoubtfulPair.objects.filter(
        kind=kind, answer=DoubtfulPair.Answer.OPEN, first_id__in=ids, second_id__in=ids
    )
    page = Paginator(open_pairs.order_by("-found_at", "id"), ROWS).get_page(request.GET.get("page"))
    address = reverse("office:merges")
    names = {"organisation": _("Organisations"), "person": _("People")}
    tabs = [
        {"text": text, "href": f"{address}?kind={name}", "count": None, "here": name == kind}
        for name, text in names.items()
    ]
    context = {
        "tabs": tabs,
        "page": page,
        "pairs": _pairs(kind, list(page)),
        "done": _lately(request, kind),
        "form": form,
    }
    return render(request, "office/merges/list.html", context, status=status)


def _rows(kind: str, ids: set[int]) -> dict[int, Any]:
    return KINDS[kind]._default_manager.in_bulk(ids)


def _pairs(kind: str, pairs: list[DoubtfulPair]) -> list[dict[str, Any]]:
    rows = _rows(kind, {pk for pair in pairs for pk in (pair.first_id, pair.second_id)})
    return [
        {
            "kind": kind, "first": rows[pair.first_id], "second": rows[pair.second_id],
            "reasons": ", ".join(str(REASONS.get(reason, reason)) for reason in pair.reasons),
        }
        for pair in pairs
    ]  # fmt: skip


def _lately(request: HttpRequest, kind: str) -> list[dict[str, Any]]:
    """Merges that can still be undone, of rows one may see."""
    found = Merge.objects.filter(
        kind=kind, undone_at=None, survivor_id__in=_visible(request, kind).values("pk")
    )[:ROWS]
    lately = [merge for merge in found if may_undo_merge(merge)]
    rows = _rows(kind, {pk for merge in lately for pk in (merge.survivor_id, merge.absorbed_id)})
    return [
        {
            "merge": merge,
            "survivor": rows[merge.survivor_id],
            "absorbed": rows[merge.absorbed_id],
            "page": PAGES[kind],
        }
        for merge in lately
    ]


@for_team
def merge_find(request: HttpRequest) -> HttpResponse:
    """Two codes lead to the page where the two stand side by side."""
    _keeps(request)
    form = MergeFindForm(request.GET)
    if form.is_valid():
        asked = form.cleaned_data
        codes = [typed_code(asked["stays"]), typed_code(asked["goes"])]
        there = set(_visible(request, asked["kind"]).filter(code__in=codes).values_list("code", flat=True))
        for name, code in zip(("stays", "goes"), codes, strict=True):
            if code not in there:
                form.add_error(
                    name, _("Nobody and nothing you see has this code. Look at the address of its page.")
                )
        if not form.errors:
            return redirect("office:merge", asked["kind"], *codes)
    return _list(request, form, 422)


def _two(request: HttpRequest, kind: str, stays: str, goes: str) -> tuple[Any, Any]:
    visible = _visible(request, kind)
    survivor = get_object_or_404(visible, code=stays)
    # Joined already, perhaps by a second tap: the page says so instead of not being found.
    joined = KINDS[kind]._default_manager.filter(code=goes, merged_into=survivor).first()
    absorbed = joined or get_object_or_404(visible, code=goes)
    _keeps(request)
    return survivor, absorbed


@for_team
def merge(request: HttpRequest, kind: str, stays: str, goes: str) -> HttpResponse:
    """Side by side: what differs, what moves, what stands in the way."""
    survivor, absorbed = _two(request, kind, stays, goes)
    plan = plan_merge(kind, survivor, absorbed)
    model = KINDS[kind]
    choices = [
        {
            "name": name, "label": _label(model, name), "mine": _shown(survivor, name, pair[0]),
            "theirs": _shown(absorbed, name, pair[1]), "is_filled": pair[0] in (None, "", []),
        }
        for name, pair in differing(kind, survivor, absorbed).items()
    ]  # fmt: skip
    pair = _pair(kind, survivor, absorbed)
    context = {
        "kind": kind, "survivor": survivor, "absorbed": absorbed, "choices": choices, "page": PAGES[kind],
        "counts": plan.counts.items(), "refusals": plan.refusals, "is_doubt": pair is not None,
    }  # fmt: skip
    return render(request, "office/merges/compare.html", context)


def _label(model: Any, name: str) -> str:
    words = str(SCHEMES[name].name) if name in SCHEMES else str(model._meta.get_field(name).verbose_name)
    return words[:1].upper() + words[1:]


def _shown(row: Any, name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value or "")


def _pair(kind: str, one: Any, other: Any) -> DoubtfulPair | None:
    both = Q(first_id=min(one.pk, other.pk), second_id=max(one.pk, other.pk))
    return DoubtfulPair.objects.filter(both, kind=kind, answer=DoubtfulPair.Answer.OPEN).first()


@require_POST
@for_team
def merge_join(request: HttpRequest, kind: str, stays: str, goes: str) -> HttpResponse:
    """Join the two."""
    survivor, absorbed = _two(request, kind, stays, goes)
    take = [
        name for name in differing(kind, survivor, absorbed) if request.POST.get(f"take-{name}") == "theirs"
    ]

    def act() -> None:
        done = merge_rows(kind, survivor, absorbed, take=take, by=actor_of(request))
        undo = reverse("office:merge_undo", args=[done.code])
        flash.tell(
            request, _("%(one)s and %(other)s are one now.") % {"one": survivor, "other": absorbed}, undo=undo
        )

    if _done(request, act):
        return redirect(PAGES[kind], survivor.code)
    return redirect("office:merge", kind, stays, goes)


@require_POST
@for_team
def merge_differ(request: HttpRequest, kind: str, stays: str, goes: str) -> HttpResponse:
    """They are two; the doubt is decided."""
    pair = _pair(kind, *_two(request, kind, stays, goes))
    if pair is not None:
        call_different(pair, by=actor_of(request))
        flash.tell(request, _("They stay two. You are not asked again."))
    return redirect(f"{reverse('office:merges')}?kind={kind}")


@require_POST
@for_team
def merge_undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take two rows apart again."""
    found = get_object_or_404(Merge, code=code)
    survivor = get_object_or_404(_visible(request, found.kind), pk=found.survivor_id)
    _keeps(request)
    if _done(request, lambda: undo_merge(found, by=actor_of(request))):
        flash.tell(request, _("They are two again."))
    return redirect(PAGES[found.kind], survivor.code)


def _done(request: HttpRequest, act: Callable[[], Any]) -> bool:
    try:
        act()
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return False
    return True
