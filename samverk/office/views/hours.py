"""The hours ledger: the list, one line with why it counts or not, sealing months."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samverk.activities.presences import NOBODY
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.fold import fold
from samverk.kit.spreadsheets import csv_lines
from samverk.ledger import months
from samverk.ledger.commands.sealing import reopen_period, seal_period
from samverk.ledger.models import DecisionRefusal, HourEntry, PersonMonth, SealedPeriod
from samverk.ledger.permissions import (
    hour_entries_in_office,
    may_seal,
    programmes_to_seal,
    programmes_with_hours,
    reads_hours,
)
from samverk.ledger.queries import (
    TABS,
    decided,
    documents_of,
    entries_with_state,
    history_of,
    months_with_hours,
    overlaps_of,
    proofs_of,
    signatures_over,
    stale_count,
    tab_counts,
    waiting_in,
)
from samverk.ledger.reasons import shown_refusal, why
from samverk.ledger.rules import sealing_obstacles, seals_over
from samverk.office.forms.hours import ALL_MONTHS, HoursFilter, ReopenForm, SealForm
from samverk.office.views.saved_views import views_bar
from samverk.people.rules import shown_name
from samverk.programmes.models import Programme
from samverk.reckoning import Malformed

ROWS = 50
View = Callable[..., HttpResponseBase]


def for_readers(view: View) -> View:
    """Hours are there for coordinators and viewers; for others the page is not found."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reads_hours(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def reason_words() -> dict[str, str]:
    """Each reason in a few words, for tags and filters."""
    return {
        "not_attested": _("Not signed"),
        "outside_period": _("Outside the period"),
        "rule_not_valid": _("No rules that day"),
        "employment_not_eligible": _("Role does not count"),
        "excluded_role": _("Excluded role"),
        "evidence_too_weak": _("Proof too weak"),
        "too_short": _("Too short"),
        "group_too_small": _("Group too small"),
        "share_too_low": _("Too little of the course"),
        "no_rate": _("No rate"),
        "already_claimed": _("Claimed already"),
        "overlap": _("Overlap"),
        "cap_reached": _("Cap is full"),
    }


def tab_words() -> dict[str, str]:
    return {
        "all": _("All"),
        "counts": pgettext("hours that", "Count"),
        "unsigned": _("Not signed"),
        "refused": _("Do not count"),
        "waiting": _("Not judged"),
    }


@for_readers
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    visible = hour_entries_in_office(request.user).live()
    form, found, month_said = _asked(request, visible)
    tab = request.GET.get("tab", "all")
    counts = tab_counts(found)
    rows = entries_with_state(found).filter(TABS.get(tab, TABS["all"]))
    related = rows.select_related("person", "activity", "organisation", "programme")
    page = Paginator(related.order_by("-starts_at", "-id"), ROWS).get_page(request.GET.get("page"))
    programmes = programmes_with_hours(request.user)
    context = {
        "filter": form,
        "page": page,
        "rows": _rows(request, page.object_list),
        "tabs": _tabs(request, counts, tab),
        "stale": stale_count(programmes.values_list("pk", flat=True)),
        "total": counts["all"],
        "export": f"{reverse('office:hours_export')}?{request.GET.urlencode()}",
        "month_said": month_said,
        "sealing": programmes_to_seal(request.user),
        **views_bar(request, "office:hours"),
    }
    return render(request, "office/hours/list.html", context)


def _asked(
    request: HttpRequest, visible: QuerySet[HourEntry]
) -> tuple[HoursFilter, QuerySet[HourEntry], str]:
    known = months_with_hours(visible)
    form = HoursFilter(
        request.GET or None,
        programmes=programmes_with_hours(request.user),
        known=known,
        reasons=reason_words().items(),
    )
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    month = months.parse_month(asked.get("month", "")) or (known[0] if known else None)
    if asked.get("month") == ALL_MONTHS:
        month = None
    found = visible.filter(month=month) if month else visible
    if asked.get("programme"):
        found = found.filter(programme=asked["programme"])
    if asked.get("reason"):
        found = found.filter(pk__in=DecisionRefusal.objects.filter(reason=asked["reason"]).values("entry"))
    for word in fold(asked.get("q", "")).split():
        # Somebody with protected identity is found by nobody.
        found = found.filter(person__folded__contains=word, person__is_protected=False)
    return form, found, months.said(month) if month else _("All months")


def _tabs(request: HttpRequest, counts: dict[str, int], tab: str) -> list[dict[str, Any]]:
    said = tab_words()
    items = []
    for name, number in counts.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["tab"] = name
        items.append(
            {"text": said[name], "href": f"?{query.urlencode()}", "count": number, "here": name == tab}
        )
    return items


def _rows(request: HttpRequest, entries: Any) -> list[dict[str, Any]]:
    entries = list(entries)
    refusals = (
        DecisionRefusal.objects.filter(entry__in=entries).exclude(reason="already_claimed").order_by("id")
    )
    first: dict[int, DecisionRefusal] = {}
    for refusal in refusals:
        first.setdefault(refusal.entry_id, refusal)
    said = reason_words()
    return [
        {
            "entry": entry,
            "name": shown_name(entry.person),
            "organisation": "" if entry.person.is_protected else entry.organisation or "",
            "state": _state(entry, first.get(entry.pk), said),
        }
        for entry in entries
    ]


def _state(entry: Any, refusal: DecisionRefusal | None, said: dict[str, str]) -> tuple[str, str]:
    if entry.is_waiting or not entry.is_judged:
        return "wait", _("Not judged")
    if entry.does_count or refusal is None:
        return "ok", _("Counts")
    kind = "wait" if refusal.reason == "not_attested" else "bad"
    return kind, said.get(refusal.reason, refusal.reason)


@for_readers
@require_safe
def hours_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as CSV, streamed."""
    _form, found, _month = _asked(request, hour_entries_in_office(request.user).live())
    wanted = TABS.get(request.GET.get("tab", "all"), TABS["all"])
    entries = (
        entries_with_state(found)
        .filter(wanted)
        .select_related("person", "activity", "organisation", "programme")
    )
    header = [_("Number"), _("Person"), _("Day"), _("Meeting"), _("Programme"), _("On behalf of"), _("Minutes"), _("Confirmed"), _("Employer")]  # fmt: skip

    def rows() -> Iterator[list[Any]]:
        for entry in entries.order_by("starts_at", "id").iterator(chunk_size=1000):
            organisation = "" if entry.person.is_protected else entry.organisation or ""
            yield [
                entry.code, shown_name(entry.person), f"{entry.starts_local:%Y-%m-%d %H:%M}", entry.activity.title,
                entry.programme.code, str(organisation), entry.minutes, _yes(entry.confirmed_at), _yes(entry.countersigned_at),
            ]  # fmt: skip

    answer = StreamingHttpResponse(csv_lines(header, rows()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="hours.csv"'
    return answer


def _yes(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


@for_readers
@require_safe
def decision_inputs(request: HttpRequest, code: str, decision: int) -> HttpResponse:
    """What a decision was made from, as the file that `samverk reckon` reads: anybody can judge it again."""
    entry = get_object_or_404(hour_entries_in_office(request.user), code=code)
    found = get_object_or_404(
        PersonMonth,
        pk=decision,
        person=entry.person_id,
        month=entry.month,
        funding_line__programme=entry.programme_id,
    )
    try:
        documents = documents_of(found)
    except Malformed as problem:
        raise Http404 from problem
    if not documents:
        raise Http404
    may_see = {*programmes_with_hours(request.user).values_list("code", flat=True), NOBODY}
    if any(claim["programme"] not in may_see for claim in documents[0]["already_claimed"]):
        # The file would name another programme's hours.
        raise PermissionDenied
    answer = JsonResponse(documents[0], json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="decision-{found.pk}.json"'
    return answer


@for_readers
@require_safe
def hour(request: HttpRequest, code: str) -> HttpResponse:
    """One line: why it counts or not for each funding line, its proofs, what happened to it."""
    related = hour_entries_in_office(request.user).select_related(
        "person", "organisation", "programme", "component", "activity", "session", "attendance__marked_by"
    )
    entry = get_object_or_404(related, code=code)
    may_see = set(programmes_with_hours(request.user).values_list("code", flat=True))
    signatures = signatures_over(entry)
    decisions = [
        why(entry, decision, line, refusals, signatures=signatures, may_see=may_see)
        for decision, line, refusals in decided(entry)
    ]
    counted = sum(one.counted for one in decisions)
    context = {
        "entry": entry,
        "name": shown_name(entry.person),
        "programme": entry.programme,
        "decisions": decisions,
        "counted": counted,
        "is_waiting": any(not one.is_decided for one in decisions) or not decisions,
        "first_reason": _first_reason(entry, may_see) if counted < entry.minutes else "",
        "signatures": [] if entry.person.is_protected else signatures,
        "proofs": proofs_of(entry),
        "history": history_of(entry),
        "overlaps": [(other, other.programme.code in may_see) for other in overlaps_of(entry)],
        "organisation": "" if entry.person.is_protected else entry.organisation,
    }
    return render(request, "office/hours/detail.html", context)


def _first_reason(entry: HourEntry, may_see: set[str]) -> str:
    refusal = entry.refusals.exclude(reason="already_claimed").first()
    return shown_refusal(refusal, entry.programme.code, may_see) if refusal else ""


def _programme_of(request: HttpRequest, code: str, *, to_seal: bool = False) -> Programme:
    programme = get_object_or_404(programmes_with_hours(request.user), code=code)
    if to_seal and not may_seal(request.user, programme):
        raise PermissionDenied
    return programme


@for_readers
@require_http_methods(["GET", "POST"])
def period_seal(request: HttpRequest, code: str) -> HttpResponse:
    """Choose months, see what stands in them and what is in the way, then seal. It says how much before it does it."""
    programme = _programme_of(request, code, to_seal=True)
    known = months_with_hours(HourEntry.objects.live().filter(programme=programme))
    form = SealForm(request.POST or request.GET or None, known=known)
    context: dict[str, Any] = {
        "programme": programme,
        "form": form,
        "known": known,
        "seals": SealedPeriod.objects.filter(programme=programme).select_related("sealed_by", "reopened_by"),
        "reopen_form": ReopenForm(),
    }
    if form.is_bound and form.is_valid():
        first, last = form.period
        if request.method == "POST":
            try:
                seal_period(programme, first, last, by=actor_of(request))
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
            else:
                flash.tell(request, _("Sealed: %(period)s.") % {"period": _period(first, last)})
                return redirect("office:period_seal", code)
        context |= _preview(programme, first, last)
    return render(request, "office/hours/seal.html", context, status=422 if form.errors else 200)


def _period(first: Any, last: Any) -> str:
    return months.said(first) if first == last else f"{months.said(first)} – {months.said(last)}"


def _preview(programme: Programme, first: Any, last: Any) -> dict[str, Any]:
    closes = months.last_of(last)
    lines = HourEntry.objects.live().filter(programme=programme, month__gte=first, month__lte=closes)
    return {
        "preview": _period(first, last),
        "lines": lines.count(),
        "people": lines.order_by().values("person").distinct().count(),
        "obstacles": sealing_obstacles(waiting_in(programme, first, closes)) if first <= closes else [],
        "sealed_already": seals_over(first, closes).filter(programme=programme).exists(),
    }


@for_readers
@require_POST
def period_reopen(request: HttpRequest, code: str, seal: int) -> HttpResponse:
    """Open sealed months again, with a reason that stays."""
    programme = _programme_of(request, code, to_seal=True)
    found = get_object_or_404(SealedPeriod, pk=seal, programme=programme)
    try:
        reopen_period(found, because=request.POST.get("because", ""), by=actor_of(request))
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    else:
        flash.tell(request, _("The period is open again."))
    return redirect(reverse("office:period_seal", args=[code]))
