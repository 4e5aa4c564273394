"""The page of one activity, with the form its visitor can use: the same for its address and for an invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from samverk.activities import rules
from samverk.activities.access_queries import way_in
from samverk.activities.admission_rules import admission_words, invitation_refusal
from samverk.activities.choices import ComesAs
from samverk.activities.invitation_messages import invitation_token
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Cohort, Invitation, Quota, Registration, Session
from samverk.activities.permissions import activities_public, activities_visible_to
from samverk.activities.queries import (
    organisations_to_come_for,
    own_registration,
    places_sentence,
    status_of,
    waiting_count,
)
from samverk.activities.queries.admission import what_else_is_on
from samverk.activities.queries.invitations import place_by_invitation
from samverk.agenda.models import Agenda
from samverk.asking.forms import Questionnaire
from samverk.asking.models import Asked
from samverk.asking.queries import answered_for, items_of, last_answers, last_sealed
from samverk.asking.rules import Item
from samverk.asking.wording import promise_of
from samverk.directory.models import Organisation
from samverk.follow_up.permissions import materials_public, summaries_public
from samverk.kit.acting import Refusal
from samverk.public.event_data import event_data
from samverk.public.forms.conditions import condition_fields
from samverk.public.forms.registrations import (
    AnotherForm,
    ColleagueForm,
    InvitedForm,
    OwnForm,
    RegistrationForm,
    VisitorForm,
)
from samverk.questions.answers import shown


def activity_or_404(request: HttpRequest, code: str) -> Activity:
    public = whole(activities_public()).filter(code=code).first()
    if public is not None:
        return public
    return get_object_or_404(whole(activities_visible_to(request.user)), code=code)


def whole(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """With what the page shows of it, whether it has groups, roles to choose, and more that is asked."""
    offers = Quota.objects.filter(activity=OuterRef("pk"), is_chosen=True)
    asks = Asked.objects.filter(activity=OuterRef("pk"), stopped_at=None)
    groups = Cohort.objects.filter(activity=OuterRef("pk"))
    return activities.select_related("programme", "component", "venue_card").annotate(
        offers_roles=Exists(offers),
        asks_questions=Exists(asks),
        has_cohorts=Exists(groups),
        has_agenda=Exists(Agenda.objects.filter(activity=OuterRef("pk"), published_at__isnull=False)),
    )


def form_for(
    request: HttpRequest, found: Activity, who: str, behind: list, sent: Any = None, files: Any = None
) -> RegistrationForm:
    """The form this visitor can use; ``behind`` are the organisations that stand behind her."""
    me = request.user
    items = items_asked(found)
    role = None if getattr(found, "offers_roles", False) else ComesAs.PARTICIPANT
    plain = Questionnaire(items, role=role)
    if not me.is_authenticated:
        return VisitorForm(sent, files, conditions=condition_fields(found), questions=plain)
    if who == "colleague":
        organisations = [organisation for organisation, may_register in behind if may_register]
        if not organisations:
            raise Http404
        conditions = condition_fields(found, known=organisations, has_role=True)
        return ColleagueForm(sent, files, organisations=organisations, conditions=conditions, questions=plain)
    if who == "another":
        initial = {"email": me.email or ""}
        return AnotherForm(sent, files, initial=initial, conditions=condition_fields(found), questions=plain)
    known = [organisation for organisation, _may in behind]
    conditions = condition_fields(found, person=me, known=known)
    return OwnForm(
        sent, files, known=known, conditions=conditions, **own_questions(found, me, known, items, role)
    )


def items_asked(found: Activity) -> list[Item]:
    """No query more where nothing is asked."""
    return items_of(found) if getattr(found, "asks_questions", True) else []


def own_questions(
    found: Activity, me: Any, known: list[Organisation], items: list[Item], role: str | None
) -> dict[str, Any]:
    """Her own answers of last time stand in; what all her organisations have answered is not asked again."""
    if not items:
        return {}
    once = {one.question.key for one in items if one.is_of_organisation}
    there = answered_for(found, [one.pk for one in known], items) if once else {}
    due = {one.question.key for one in items if one.is_of_organisation and one.question.is_required}
    answered = {key for key in once if there and all(key in given for given in there.values())}
    has_protected = any(one.question.is_sensitive for one in items)
    questions = Questionnaire(
        items, role=role, answered=answered, last=last_answers(me, items),
        sealed=last_sealed(me) if has_protected else None,
    )  # fmt: skip
    if answered and len(known) == 1:
        asked = [one.question for one in items if one.question.key in answered]
        questions.answered = [one for one in shown(asked, there[known[0].pk]) if not one.is_file]
    return {"questions": questions, "unanswered": {pk: due - set(given) for pk, given in there.items()}}


def organisations_behind(request: HttpRequest) -> list[tuple[Organisation, bool]]:
    return organisations_to_come_for(request.user) if request.user.is_authenticated else []


def activity_page(
    request: HttpRequest,
    found: Activity,
    behind: list,
    *,
    who: str = "",
    form: RegistrationForm | None = None,
    invitation: Invitation | None = None,
) -> HttpResponse:
    """Everything about it, and the form or the place of whoever looks. ``form`` is one that was sent and refused."""
    now = timezone.now()
    place = _place_of(request, found, invitation)
    refusal = _refusal(found, now, invitation)
    asks_for_another = who in ("another", "colleague")
    shows_form = refusal is None and (place is None or asks_for_another or form is not None)
    if shows_form and form is None:
        form = (
            InvitedForm(invitation=invitation, questions=invited_questions(found, invitation))
            if invitation is not None
            else form_for(request, found, who, behind)
        )
    is_refused = form is not None and any(form.errors) and getattr(form, "is_refused", False)
    context = {
        "activity": found,
        "place": place,
        "place_status": status_of(place, now) if place else None,
        "place_url": reverse("portal:place", args=[place_token(place)]) if place else "",
        "form": form if shows_form else None,
        "who": form.who if form and shows_form else "",
        "refusal": refusal,
        "invitation": invitation,
        "token": invitation_token(invitation) if invitation else "",
        "conditions": [] if invitation else admission_words(found),
        "elsewhere": what_else_is_on(found, now) if is_refused or (refusal and place is None) else [],
        "promise": promise_of(found, form.questions.items) if form and shows_form else "",
        "may_register_colleagues": refusal is None
        and invitation is None
        and any(may_register for _organisation, may_register in behind),
        **_about(request, found, now),
        **_afterwards(found, now),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "public/activities/activity.html", context, status=status)


def invited_questions(found: Activity, invitation: Invitation) -> Questionnaire:
    """What somebody is asked in the role she is invited in."""
    return Questionnaire(items_asked(found), role=invitation.comes_as)


def refused(form: RegistrationForm, refusal: Refusal) -> RegistrationForm:
    """A form that the rules said no to: its page says why, and what else is on."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
    form.is_refused = True
    return form


def _place_of(request: HttpRequest, found: Activity, invitation: Invitation | None) -> Registration | None:
    if invitation is not None:
        return place_by_invitation(found, invitation)
    return own_registration(request.user, found) if request.user.is_authenticated else None


def _refusal(found: Activity, now: datetime, invitation: Invitation | None) -> Refusal | None:
    if invitation is None:
        return rules.registration_refusal(found, now)
    return invitation_refusal(invitation) or rules.registration_refusal(
        found, now, is_invited=True, comes_as=invitation.comes_as
    )


def _about(request: HttpRequest, found: Activity, now: datetime) -> dict[str, Any]:
    """When it is, who holds it, how full it is."""
    waiting = waiting_count(found) if found.is_full else 0
    kind, places = places_sentence(found, waiting)
    related = found.sessions.select_related("venue_card", "room")
    has_cohorts = getattr(found, "has_cohorts", True)
    sessions = list(related.prefetch_related("cohorts") if has_cohorts else related)
    for session in sessions:
        session.activity = found
    coming = (one for one in sessions if one.state != Session.State.CANCELLED and one.ends_at > now)
    leaders = found.leaders.filter(is_public=True, person__is_protected=False).select_related("person")
    first = next(coming, sessions[0] if sessions else None)
    return {
        "sessions": sessions,
        "has_cohorts": has_cohorts,
        "first": first,
        "way": way_in(found, first),
        "leaders": list(leaders),
        "places": places,
        "places_kind": kind,
        "closes": rules.closes_at(found),
        "is_queue": found.is_full,
        "event_data": event_data(found, sessions, request),
    }


def _afterwards(found: Activity, now: datetime) -> dict[str, Any]:
    """What is told and shown of it when it is over."""
    if found.ends_at is None or found.ends_at > now:
        return {"told": None, "materials": []}
    return {
        "told": summaries_public().filter(activity=found).first(),
        "materials": list(materials_public().filter(activity=found)),
    }
