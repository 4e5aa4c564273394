"""Tables and rounds of a session: make groups, lock, move and swap, notes and photos, the wall, paper."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Attendance, Session
from samverk.activities.permissions import may_take_attendance
from samverk.activities.sheet_queries import counts_of, shown_name
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.tables import GroupsForm, NoteForm, PairForm, PhotoForm
from samverk.office.views.attendance import session_of
from samverk.office.views.undo import undo_address
from samverk.tables.commands import notes, plans, seats
from samverk.tables.documents import badges_document, wall_document
from samverk.tables.models import TableNote, TablePair, TablePhoto, TablePlan, TableSeat
from samverk.tables.permissions import may_make_tables, photos_visible_to, plans_visible_to, seats_visible_to
from samverk.tables.queries import (
    earlier_meetings,
    figures_of,
    guests_of,
    met_before,
    seats_of,
    tables_of,
)

PLAN_FIELDS = ("tables", "rounds", "mix", "organisations_apart", "remembers", "only_here")
USUAL_TABLE = 7


# ---------- the page ----------


@require_safe
def tables(request: HttpRequest, code: str) -> HttpResponse:
    """Numbers first, then the tables of a round."""
    return _page(request, session_of(request, code))


def _page(request: HttpRequest, session: Session, **forms: Any) -> HttpResponse:
    plan = TablePlan.objects.filter(session=session).first()
    may_make = may_take_attendance(request.user, session)
    guests = guests_of(session, only_here=plan.only_here if plan else False)
    context = {
        "session": session, "activity": session.activity, "programme": session.activity.programme, "plan": plan,
        "may_make": may_make, "people": len(guests), "groups_form": _groups_form(plan, session, len(guests)),
        **(_shown_plan(request, plan, guests) if plan else {}), **forms,
    }  # fmt: skip
    if plan:
        plan.session = session
        context.setdefault("pair_form", PairForm(guests=guests))
    return render(request, "office/tables/tables.html", context, status=422 if "form" in forms else 200)


def _groups_form(plan: TablePlan | None, session: Session, people: int) -> GroupsForm:
    if plan:
        return GroupsForm(initial={name: getattr(plan, name) for name in PLAN_FIELDS})
    here = counts_of(session).here
    count = here or people
    initial = {"tables": max(1, round(count / USUAL_TABLE)), "rounds": 1, "mix": ["sector", "organisation"]}
    return GroupsForm(
        initial={**initial, "only_here": bool(here), "organisations_apart": True, "remembers": True}
    )


def _shown_plan(request: HttpRequest, plan: TablePlan, guests: list[Any]) -> dict[str, Any]:
    round_ = _number(request.GET.get("round"), plan.rounds)
    found, met = seats_of(plan), met_before(guests, earlier_meetings(plan.session))
    address = reverse("office:tables", args=[plan.session.code])
    return {
        "round": round_,
        "round_tabs": [
            {
                "text": _("Round %(n)s") % {"n": at},
                "href": f"{address}?round={at}",
                "count": None,
                "here": at == round_,
            }
            for at in range(1, plan.rounds + 1)
        ],
        "tables": tables_of(plan, found, round_, met),
        "figures": figures_of(plan, found, guests, met),
        "pairs": [_pair(pair) for pair in plan.pairs.select_related("one__person", "other__person")],
    }


def _pair(pair: TablePair) -> dict[str, Any]:
    return {
        "pk": pair.pk,
        "kind": pair.get_kind_display(),
        "one": _name(pair.one),
        "other": _name(pair.other),
    }


def _name(row: Attendance) -> str:
    return shown_name(row.person) if row.person else row.name


def _number(text: str | None, most: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= most else 1


def _plan_of(request: HttpRequest, code: str, *, to_make: bool = True) -> TablePlan:
    """The plan of a session one works with; making needs more than seeing."""
    session = session_of(request, code, to_mark=to_make)
    plan = get_object_or_404(TablePlan, session=session)
    plan.session = session
    return plan


def _back(code: str, round_: int = 1) -> HttpResponse:
    return redirect(reverse("office:tables", args=[code]) + (f"?round={round_}" if round_ > 1 else ""))


# ---------- making ----------


@require_POST
def tables_make(request: HttpRequest, code: str) -> HttpResponse:
    session = session_of(request, code, to_mark=True)
    form = GroupsForm(request.POST)
    if not form.is_valid():
        return _page(request, session, groups_form=form, form=form)
    try:
        plan = plans.make_groups(session, by=actor_of(request), **form.cleaned_data)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        return _page(request, session, groups_form=form, form=form)
    flash.tell(request, _("The groups are made."), undo=undo_address(plan))
    return _back(code)


@require_POST
def tables_again(request: HttpRequest, code: str) -> HttpResponse:
    """Late people find a seat, gaps are closed; as few as possible move."""
    plan = _plan_of(request, code)
    first = _number(request.POST.get("first"), plan.rounds)
    try:
        plans.regroup(plan, first=first, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("The groups fit those who are here."), undo=undo_address(plan))
    return _back(code, first)


@require_POST
def tables_show(request: HttpRequest, code: str) -> HttpResponse:
    plans.show_tables(_plan_of(request, code), by=actor_of(request))
    flash.tell(request, _("Everybody reads their tables on the phone now."), kind="info")
    return _back(code)


@require_POST
def tables_hide(request: HttpRequest, code: str) -> HttpResponse:
    plans.hide_tables(_plan_of(request, code), by=actor_of(request))
    flash.tell(request, _("Nobody reads their tables now. The groups are kept."), kind="info")
    return _back(code)


@require_POST
def tables_pair_add(request: HttpRequest, code: str) -> HttpResponse:
    plan = _plan_of(request, code)
    form = PairForm(request.POST, guests=guests_of(plan.session, only_here=False))
    if not form.is_valid():
        return _page(request, plan.session, pair_form=form, form=form)
    rows = {row.pk: row for row in Attendance.objects.filter(session=plan.session)}
    chosen = form.cleaned_data
    try:
        seats.keep_pair(
            plan, rows[chosen["one"]], rows[chosen["other"]], kind=chosen["kind"], by=actor_of(request)
        )
    except Refusal as no:
        form.add_error(no.field or None, str(no.reason))
        return _page(request, plan.session, pair_form=form, form=form)
    flash.tell(request, _("It counts when groups are made the next time."), kind="info")
    return _back(code)


@require_POST
def tables_pair_drop(request: HttpRequest, code: str, pair: int) -> HttpResponse:
    plan = _plan_of(request, code)
    seats.drop_pair(get_object_or_404(TablePair, plan=plan, pk=pair), by=actor_of(request))
    flash.tell(request, _("The two may sit as it comes."), kind="info")
    return _back(code)


# ---------- one seat ----------


def _seat_of(request: HttpRequest, pk: int) -> TableSeat:
    visible = seats_visible_to(request.user).select_related(
        "plan__session__activity__programme", "attendance__person", "attendance__organisation"
    )
    seat = get_object_or_404(visible, pk=pk)
    if not may_make_tables(request.user, seat.plan):
        raise PermissionDenied
    return seat


@require_safe
def table_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """One person in one round: to another table, with somebody else, or locked."""
    seat = _seat_of(request, pk)
    others = [one for one in seats_of(seat.plan) if one.round == seat.round and one.table != seat.table]
    context = {
        "seat": seat, "plan": seat.plan, "session": seat.plan.session, "activity": seat.plan.session.activity,
        "programme": seat.plan.session.activity.programme, "name": _name(seat.attendance),
        "numbers": [n for n in range(1, seat.plan.tables + 1) if n != seat.table],
        "others": [{"pk": one.pk, "name": _name(one.attendance), "table": one.table} for one in others],
    }  # fmt: skip
    return render(request, "office/tables/seat.html", context)


@require_POST
def table_seat_move(request: HttpRequest, pk: int) -> HttpResponse:
    seat = _seat_of(request, pk)
    table = _number(request.POST.get("table"), seat.plan.tables)
    words = {"name": _name(seat.attendance), "n": table}
    try:
        moved = seats.move_seat(seat, table=table, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("%(name)s sits at table %(n)s now.") % words, undo=undo_address(moved.plan))
    return _back(seat.plan.session.code, seat.round)


@require_POST
def table_seat_swap(request: HttpRequest, pk: int) -> HttpResponse:
    seat = _seat_of(request, pk)
    wanted = request.POST.get("other", "")
    other = seat.plan.seats.filter(
        pk=int(wanted[:12]) if wanted.isascii() and wanted.isdigit() else 0
    ).first()
    try:
        if other is None:
            raise Refusal(_("Choose somebody to swap with."), code="nobody")
        seats.swap_seats(seat, other, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("The two have swapped tables."), undo=undo_address(seat.plan))
    return _back(seat.plan.session.code, seat.round)


@require_POST
def table_seat_lock(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seats.lock_seat(_seat_of(request, pk), by=actor_of(request))
    return _back(seat.plan.session.code, seat.round)


@require_POST
def table_seat_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    seat = seats.unlock_seat(_seat_of(request, pk), by=actor_of(request))
    return _back(seat.plan.session.code, seat.round)


# ---------- notes and photos of a table ----------


@require_safe
def table(request: HttpRequest, code: str, round_: int, number: int) -> HttpResponse:
    """Who sits at one table, its notes and its pictures."""
    return _table_page(request, _plan_of(request, code, to_make=False), round_, number)


def _table_page(
    request: HttpRequest, plan: TablePlan, round_: int, number: int, **forms: Any
) -> HttpResponse:
    if not (1 <= round_ <= plan.rounds and 1 <= number <= plan.tables):
        raise Http404
    note = TableNote.objects.filter(plan=plan, round=round_, table=number).first()
    context = {
        "plan": plan, "session": plan.session, "activity": plan.session.activity,
        "programme": plan.session.activity.programme, "round": round_, "may_make": may_make_tables(request.user, plan),
        "table": tables_of(plan, seats_of(plan), round_, {})[number - 1], "note": note,
        "note_form": NoteForm(initial={"text": note.text if note else ""}), "photo_form": PhotoForm(),
        "photos": plan.photos.filter(round=round_, table=number, removed_at=None), **forms,
    }  # fmt: skip
    return render(request, "office/tables/table.html", context, status=422 if "form" in forms else 200)


@require_POST
def table_note(request: HttpRequest, code: str, round_: int, number: int) -> HttpResponse:
    plan = _plan_of(request, code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _table_page(request, plan, round_, number, note_form=form, form=form)
    try:
        notes.write_note(
            plan, round_=round_, table=number, text=form.cleaned_data["text"], by=actor_of(request)
        )
    except Refusal:
        raise Http404 from None
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204)
    flash.tell(request, _("The notes are saved."), kind="info")
    return redirect("office:table", code, round_, number)


@require_POST
def table_photo_add(request: HttpRequest, code: str, round_: int, number: int) -> HttpResponse:
    plan = _plan_of(request, code)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _table_page(request, plan, round_, number, photo_form=form, form=form)
    file, described = form.cleaned_data["file"], form.cleaned_data["described"]
    try:
        notes.add_photo(
            plan, file, file.name, round_=round_, table=number, described=described, by=actor_of(request)
        )
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        return _table_page(request, plan, round_, number, photo_form=form, form=form)
    flash.tell(request, _("The picture is kept."), kind="info")
    return redirect("office:table", code, round_, number)


def _photo(request: HttpRequest, code: str) -> TablePhoto:
    visible = photos_visible_to(request.user).select_related("plan__session__activity__programme")
    return get_object_or_404(visible, code=code)


@require_safe
def table_photo(request: HttpRequest, code: str) -> FileResponse:
    found = _photo(request, code)
    return uploads.download(found.file.open("rb"), found.file_name, found.media_type)


@require_POST
def table_photo_remove(request: HttpRequest, code: str) -> HttpResponse:
    found = _photo(request, code)
    if not may_make_tables(request.user, found.plan):
        raise PermissionDenied
    removed = notes.remove_photo(found, by=actor_of(request))
    flash.tell(request, _("The picture is taken away."), undo=undo_address(removed))
    return redirect("office:table", found.plan.session.code, found.round, found.table)


# ---------- the wall and paper ----------


@require_safe
def tables_wall(request: HttpRequest, code: str) -> HttpResponse:
    """For the big screen, in the activity's language: the tables of a round, protected people by alias."""
    plan = _plan_of(request, code, to_make=False)
    round_ = _number(request.GET.get("round"), plan.rounds)
    context = {
        "plan": plan, "session": plan.session, "activity": plan.session.activity,
        "programme": plan.session.activity.programme, "round": round_,
        "others": [at for at in range(1, plan.rounds + 1) if at != round_],
        "tables": tables_of(plan, seats_of(plan), round_, {}),
    }  # fmt: skip
    with override(plan.session.activity.language):
        return render(request, "office/tables/wall.html", context)


@require_safe
def tables_sheet(request: HttpRequest, code: str) -> HttpResponse:
    plan = _plan_of(request, code, to_make=False)
    title = plan.session.activity.title
    return _pdf(wall_document(plan, plan.session.activity.language), f"{title} – {_('tables')}.pdf")


@require_safe
def tables_badges(request: HttpRequest, code: str) -> HttpResponse:
    session = session_of(request, code)
    plan = plans_visible_to(request.user).filter(session=session).first()
    activity = session.activity
    made = badges_document(plan, guests_of(session, only_here=False), activity.title, activity.language)
    return _pdf(made, f"{activity.title} – {_('badges')}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
