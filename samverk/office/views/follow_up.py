"""After an activity: the summary, materials, tasks, and the next meeting. One page, one address for each button."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Activity
from samverk.follow_up.commands import materials, next_meetings, summaries, tasks
from samverk.follow_up.models import Material, Summary, Task
from samverk.follow_up.permissions import materials_in_office, may_follow_up, tasks_visible_to
from samverk.follow_up.queries import materials_of, tasks_of, thread_of, what_happened
from samverk.follow_up.rules import publishing_refusal
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.office.doors import for_staff
from samverk.office.forms.follow_up import MaterialForm, NextMeetingForm, SummaryForm, TaskForm
from samverk.office.views.activities import activity_of
from samverk.office.views.undo import undo_address
from samverk.people.rules import shown_name

ROWS = 50


def _to_write(request: HttpRequest, code: str) -> Activity:
    found = activity_of(request, code)
    if not may_follow_up(request.user, found):
        raise PermissionDenied
    return found


@require_safe
def follow_up(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that stands after an activity."""
    return _page(request, activity_of(request, code))


def _page(request: HttpRequest, found: Activity, **forms: Any) -> HttpResponse:
    summary = Summary.objects.filter(activity=found).first() or Summary(activity=found)
    before, after = thread_of(found)
    zone = found.programme.time_zone
    context = {
        "activity": found, "programme": found.programme, "may_write": may_follow_up(request.user, found),
        "summary": summary, "publishing_refusal": publishing_refusal(summary), "facts": what_happened(found),
        "summary_form": SummaryForm(initial={"text": summary.text}),
        "materials": materials_of(found), "material_form": MaterialForm(initial={"audience": "present"}),
        "tasks": [{"task": one, "owner": shown_name(one.owner) if one.owner else ""} for one in tasks_of(found)],
        "task_form": TaskForm(activity=found), "before": before, "after": after,
        "next_form": NextMeetingForm(zone=zone, initial={"title": found.title}), **forms,
    }  # fmt: skip
    return render(request, "office/follow_up/follow_up.html", context, status=422 if "form" in forms else 200)


def _back(code: str, part: str) -> HttpResponse:
    answer = redirect("office:follow_up", code)
    answer["Location"] += f"#{part}"
    return answer


# ---------- the summary ----------


@require_POST
def summary_draft(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    summaries.draft_summary(found, by=actor_of(request))
    flash.tell(request, _("A first draft stands there. Read it, and make it yours."), kind="info")
    return _back(code, "summary")


@require_POST
def summary_write(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    form = SummaryForm(request.POST)
    if not form.is_valid():
        return _page(request, found, summary_form=form, form=form)
    summaries.write_summary(found, text=form.cleaned_data["text"], by=actor_of(request))
    if request.headers.get("X-Autosave"):
        return HttpResponse(status=204)
    flash.tell(request, _("The text is saved."), kind="info")
    return _back(code, "summary")


@require_POST
def summary_publish(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    try:
        summaries.publish_summary(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("Everybody can read it on the page of the activity."), kind="info")
    return _back(code, "summary")


@require_POST
def summary_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    summaries.withdraw_summary(found, by=actor_of(request))
    flash.tell(request, _("Nobody outside reads it now. The text is kept."), kind="info")
    return _back(code, "summary")


# ---------- materials ----------


@require_POST
def material_add(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, material_form=form, form=form)
    file, link = form.cleaned_data["file"], form.cleaned_data["link"]
    by, facts = actor_of(request), form.facts()
    try:
        if file:
            made = materials.add_file(found, file, file.name, by=by, **facts)
        else:
            made = materials.add_link(found, link=link, by=by, **facts)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        return _page(request, found, material_form=form, form=form)
    flash.tell(request, _("“%(title)s” is added.") % {"title": made.title}, kind="info")
    return _back(code, "materials")


def _material(request: HttpRequest, code: str) -> Material:
    visible = materials_in_office(request.user).select_related("activity__programme")
    return get_object_or_404(visible, code=code)


@require_POST
def material_remove(request: HttpRequest, code: str) -> HttpResponse:
    found = _material(request, code)
    if not may_follow_up(request.user, found.activity):
        raise PermissionDenied
    removed = materials.remove_material(found, by=actor_of(request))
    words = _("“%(title)s” is taken away.") % {"title": removed.title}
    flash.tell(request, words, undo=undo_address(removed))
    return _back(found.activity.code, "materials")


@require_safe
def material(request: HttpRequest, code: str) -> FileResponse:
    """The file, as one to keep."""
    found = get_object_or_404(materials_in_office(request.user).exclude(file=""), code=code)
    return uploads.download(found.file.open("rb"), found.file_name, found.media_type)


# ---------- tasks ----------


@for_staff
@require_safe
def tasks_to_do(request: HttpRequest) -> HttpResponse:
    """What is to be done: mine first, or everybody's whose activities I work with."""
    to_do = tasks_visible_to(request.user).filter(done_at=None).select_related("owner", "activity__programme")
    is_all = request.GET.get("whose") == "all"
    mine = to_do.filter(owner=request.user)
    page = Paginator(to_do if is_all else mine, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"task": one, "owner": shown_name(one.owner) if one.owner else ""} for one in page],
        "tabs": [
            {"text": _("Mine"), "href": request.path, "count": mine.count(), "here": not is_all},
            {"text": _("Everybody's"), "href": "?whose=all", "count": to_do.count(), "here": is_all},
        ],
    }
    return render(request, "office/follow_up/tasks.html", context)


@require_POST
def task_add(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    form = TaskForm(request.POST, activity=found)
    if not form.is_valid():
        return _page(request, found, task_form=form, form=form)
    tasks.add_task(found, by=actor_of(request), **form.cleaned_data)
    flash.tell(request, _("The task is written down."), kind="info")
    return _back(code, "tasks")


@require_POST
def task_finish(request: HttpRequest, code: str) -> HttpResponse:
    """Done, by its owner or by the team."""
    visible = tasks_visible_to(request.user).select_related("activity__programme")
    found: Task = get_object_or_404(visible, code=code)
    if found.owner_id != request.user.pk and not may_follow_up(request.user, found.activity):
        raise PermissionDenied
    done = tasks.finish_task(found, outcome=request.POST.get("outcome", ""), by=actor_of(request))
    flash.tell(request, _("Done: %(task)s") % {"task": done.text}, undo=undo_address(done))
    return _back(found.activity.code, "tasks")


# ---------- the next meeting ----------


@require_POST
def next_plan(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_write(request, code)
    form = NextMeetingForm(request.POST, zone=found.programme.time_zone)
    if not form.is_valid():
        return _page(request, found, next_form=form, form=form)
    try:
        made = next_meetings.plan_next_meeting(found, by=actor_of(request), **form.facts())
    except Refusal as no:
        form.add_error(None, str(no.reason))
        return _page(request, found, next_form=form, form=form)
    flash.tell(
        request,
        _("The next meeting is a draft. Publish it, then invite the same people under “Who may come”."),
        kind="info",
    )
    return redirect("office:activity", made.code)
