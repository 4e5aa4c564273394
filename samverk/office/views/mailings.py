"""Messages to the people of an activity: list, writing, a look before sending, what became of them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Activity, Registration
from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.mailings import commands
from samverk.mailings.choices import Addressees, MailingState
from samverk.mailings.letters import letter_of, letters
from samverk.mailings.messages import letter, subject_in_list
from samverk.mailings.models import LetterTemplate, Mailing, ReminderPlan
from samverk.mailings.permissions import mailings_visible_to, may_write_to, templates_visible_to
from samverk.mailings.queries import group_of, group_sizes, progress_of
from samverk.office.forms.mailings import MailingForm, RemindersForm, TemplateForm
from samverk.office.views.activities import activity_of
from samverk.office.views.undo import undo_address
from samverk.people.rules import shown_name

NAMES_SHOWN = 300


def _activity_to_write_to(request: HttpRequest, code: str) -> Activity:
    found = activity_of(request, code)
    if not may_write_to(request.user, found):
        raise PermissionDenied
    return found


def _mailing(request: HttpRequest, code: str, *, to_write: bool = False) -> Mailing:
    visible = mailings_visible_to(request.user).select_related("activity__programme", "created_by")
    found = get_object_or_404(visible, code=code)
    if to_write and not may_write_to(request.user, found.activity):
        raise PermissionDenied
    return found


@require_safe
def mailings(request: HttpRequest, code: str) -> HttpResponse:
    """What was written and what is being written, and which reminders go by themselves."""
    found = activity_of(request, code)
    plan = ReminderPlan.objects.filter(activity=found).first() or ReminderPlan(activity=found)
    context = {
        "activity": found,
        "programme": found.programme,
        "mailings": _listed(request, found),
        "may_write": may_write_to(request.user, found),
        "plan": plan,
        "reminders": RemindersForm(initial={"week_before": plan.week_before, "day_before": plan.day_before}),
    }
    return render(request, "office/mailings/list.html", context)


def _listed(request: HttpRequest, found: Activity) -> list[Mailing]:
    """Messages of the activity, their subjects as they are read."""
    listed = list(mailings_visible_to(request.user).filter(activity=found))
    for one in listed:
        one.subject_read = subject_in_list(one, found)  # type: ignore[attr-defined]
    return listed


def mailing_create(request: HttpRequest, code: str) -> HttpResponse:
    found = _activity_to_write_to(request, code)
    form = MailingForm(request.POST or None, sizes=group_sizes(found), initial=_start(request, found))
    if request.method == "POST" and form.is_valid():
        made = commands.write_mailing(found, by=actor_of(request), **form.cleaned_data)
        return redirect("office:mailing", made.code)
    context = {
        "form": form, "activity": found, "programme": found.programme,
        "starts": _starts(request, found), "back": reverse("office:mailings", args=[code]),
    }  # fmt: skip
    return render(request, "office/mailings/write.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, found: Activity) -> dict[str, Any]:
    """The first words: of a template or letter that was chosen, else none."""
    group = request.GET.get("to", "")
    start = {
        "addressees": group if group in Addressees.values else Addressees.REGISTERED,
        "language": found.language,
        "reply_to": found.contact_email or getattr(request.user, "mail_address", ""),
    }
    if shipped := letter_of(request.GET.get("letter", ""), found.language):
        return start | {
            "addressees": shipped.addressees, "language": shipped.language, "subject": shipped.subject,
            "body": shipped.body,
        }  # fmt: skip
    own = _templates(request, found).filter(code=request.GET.get("template", "")).first()
    if own:
        return start | {"language": own.language, "subject": own.subject, "body": own.body}
    return start


def _templates(request: HttpRequest, found: Activity) -> Any:
    return templates_visible_to(request.user).filter(programme=found.programme)


def _starts(request: HttpRequest, found: Activity) -> list[dict[str, Any]]:
    """Words to start from: the programme's own templates, then those that ship."""
    own = [
        {"text": one.name, "href": f"?template={one.code}", "here": request.GET.get("template") == one.code}
        for one in _templates(request, found)
    ]
    shipped = [
        {"text": one.name, "href": f"?letter={one.key}", "here": request.GET.get("letter") == one.key}
        for one in letters(found.language)
    ]
    return own + shipped


@require_safe
def mailing(request: HttpRequest, code: str) -> HttpResponse:
    """A look before it leaves: the words as one of the people gets them, how many, and who."""
    found = _mailing(request, code)
    is_draft = found.state == MailingState.DRAFT
    people = list(_people(found)[:NAMES_SHOWN])
    seen = next((one for one in people if one.code == request.GET.get("as")), people[0] if people else None)
    number = group_of(found.activity, found.addressees).count() if is_draft else found.recipient_number
    context = {
        "mailing": found, "activity": found.activity, "programme": found.activity.programme,
        "is_draft": is_draft, "may_write": may_write_to(request.user, found.activity), "number": number,
        "people": [{"code": one.code, "name": _name(one), "here": one == seen} for one in people],
        "letter": letter(found, seen, []) if seen else None, "subject": subject_in_list(found, found.activity), "seen": _name(seen) if seen else "",
        "send": _send_words(number), "progress": progress_of(found), "template_form": TemplateForm(),
    }  # fmt: skip
    return render(request, "office/mailings/mailing.html", context)


def _people(found: Mailing) -> Any:
    if found.state == MailingState.DRAFT:
        return group_of(found.activity, found.addressees)
    sent = Registration.objects.filter(pk__in=found.recipients.values("registration"))
    related = sent.select_related("person", "organisation", "activity")
    return related.order_by("family_name", "given_name", "pk")


def _name(registration: Registration) -> str:
    return shown_name(registration.person) if registration.person else registration.name


def _send_words(number: int) -> str:
    return ngettext("Send to %(n)s person", "Send to %(n)s people", number) % {"n": words.number(number)}


def mailing_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = _mailing(request, code, to_write=True)
    instance = Mailing.objects.get(pk=found.pk)
    form = MailingForm(request.POST or None, instance=instance, sizes=group_sizes(found.activity))
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_mailing(found, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            return redirect("office:mailing", code)
    context = {
        "form": form, "activity": found.activity, "programme": found.activity.programme,
        "starts": [], "back": reverse("office:mailing", args=[code]),
    }  # fmt: skip
    return render(request, "office/mailings/write.html", context, status=422 if form.errors else 200)


@require_POST
def mailing_test(request: HttpRequest, code: str) -> HttpResponse:
    found = _mailing(request, code, to_write=True)
    try:
        mail = commands.try_mailing(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("A test is on its way to %(address)s.") % {"address": mail.to}, kind="info")
    return redirect("office:mailing", code)


@require_POST
def mailing_send(request: HttpRequest, code: str) -> HttpResponse:
    found = _mailing(request, code, to_write=True)
    try:
        sent = commands.send_mailing(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        said = ngettext(
            "The message goes to %(n)s person in a minute.",
            "The message goes to %(n)s people in a minute.",
            sent.recipient_number,
        )
        flash.tell(request, said % {"n": words.number(sent.recipient_number)}, undo=undo_address(sent))
    return redirect("office:mailing", code)


@require_POST
def mailing_drop(request: HttpRequest, code: str) -> HttpResponse:
    found = _mailing(request, code, to_write=True)
    try:
        commands.drop_mailing(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return redirect("office:mailing", code)
    flash.tell(request, _("The draft is thrown away."), kind="info")
    return redirect("office:mailings", found.activity.code)


@require_POST
def mailing_keep(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the words as a template of the programme."""
    found = _mailing(request, code, to_write=True)
    form = TemplateForm(request.POST)
    if form.is_valid():
        kept: LetterTemplate = commands.save_template(
            found, name=form.cleaned_data["name"], by=actor_of(request)
        )
        flash.tell(request, _("The template “%(name)s” is saved.") % {"name": kept.name}, kind="info")
    else:
        flash.tell(request, str(form.errors["name"][0]), kind="bad")
    return redirect("office:mailing", code)


@require_POST
def reminders_plan(request: HttpRequest, code: str) -> HttpResponse:
    found = _activity_to_write_to(request, code)
    form = RemindersForm(request.POST)
    if form.is_valid():
        commands.plan_reminders(found, by=actor_of(request), **form.cleaned_data)
        flash.tell(request, _("The reminders are saved."), kind="info")
    return redirect("office:mailings", code)
