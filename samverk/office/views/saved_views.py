"""Saved views of any office list: a name for an address with its filter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.kit import flash
from samverk.kit.acting import actor_of
from samverk.office.forms.saved_views import SaveViewForm
from samverk.programmes import commands
from samverk.programmes.models import SavedView
from samverk.programmes.permissions import programmes_visible_to, saved_views_visible_to


def views_bar(request: HttpRequest, list_name: str) -> dict:
    """What ``{% views_bar %}`` shows above a list: the whole list, then the saved views."""
    address = reverse(list_name)
    asked = request.GET.urlencode()
    items = [{"text": _("All"), "href": address, "here": not asked}]
    for view in saved_views_visible_to(request.user, list_name):
        items.append({"text": view.name, "href": f"{address}?{view.query}", "here": view.query == asked})
    save_href = f"{reverse('office:view_create')}?list={list_name}&{asked}" if asked else ""
    return {"views": items, "save_href": save_href}


def view_create(request: HttpRequest) -> HttpResponse:
    """Name the list as it is filtered now; share it with a team or keep it."""
    query = request.GET.copy()
    list_name = str(query.pop("list", [""])[-1])
    try:
        # Only a list of the office: its name is where one is led back to.
        back = reverse(list_name) if list_name.startswith("office:") else ""
    except NoReverseMatch:
        back = ""
    if not back:
        return redirect("office:today")
    form = SaveViewForm(request.POST or None, programmes=programmes_visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        commands.save_view(
            request.user, list_name, name=form.cleaned_data["name"], query=query.urlencode(),
            programme=form.cleaned_data["programme"], by=actor_of(request),
        )  # fmt: skip
        return redirect(f"{back}?{query.urlencode()}")
    context = {"form": form, "back": f"{back}?{query.urlencode()}", "mine": _own(request, list_name)}
    return render(request, "office/views/save.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, list_name: str) -> list[SavedView]:
    return list(saved_views_visible_to(request.user, list_name).filter(person=request.user))


@require_POST
def view_forget(request: HttpRequest, code: str) -> HttpResponse:
    view = get_object_or_404(SavedView, code=code, person=request.user)
    commands.forget_view(view, by=actor_of(request))
    flash.tell(request, _("The view %(name)s is removed.") % {"name": view.name})
    return redirect(view.list_name)
