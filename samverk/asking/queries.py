"""Reads: what is asked, of whom, what was answered, and what an organisation has answered already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from samverk.activities.choices import LIVE, Representation
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Registration
from samverk.asking.choices import KEPT, KEPT_OF_GONE, KEPT_OF_NOBODY, KEPT_WITHOUT_DAY
from samverk.asking.models import Asked, Given, Sealed
from samverk.asking.rules import Item
from samverk.asking.sealing import opened
from samverk.kit.fold import fold
from samverk.questions.choices import QuestionKind
from samverk.questions.queries import newest_of, questions_of

UNCONFIRMED = (State.HELD, State.QUEUED_HELD)


def askings_of(activity: Activity) -> QuerySet[Asked]:
    """What is asked now, in its order, sets and questions loaded."""
    found = Asked.objects.filter(activity=activity, stopped_at=None)
    return found.select_related("question_set").prefetch_related("question_set__questions")


def items_of(activity: Activity, *, with_stopped: bool = False) -> list[Item]:
    """Each question once. Questions made for this activity stand in their newest version; a shared set as chosen."""
    found = Asked.objects.filter(activity=activity).select_related("question_set")
    if not with_stopped:
        found = found.filter(stopped_at=None)
    items: dict[str, Item] = {}
    for asked in found.prefetch_related("question_set__questions"):
        question_set = asked.question_set
        if question_set.replaced_by_id and not question_set.is_shared:
            question_set = newest_of(question_set)
        for question in questions_of(question_set):
            items.setdefault(question.key, Item(question, asked))
    return list(items.values())


def items_for(registration: Registration) -> list[Item]:
    """What this registration is asked, by its role."""
    return [one for one in items_of(registration.activity) if one.is_for(registration.comes_as)]


def given_in(activity: Activity) -> QuerySet[Registration]:
    """Living, confirmed registrations, each with its answers if it has some, by name; one query."""
    found = Registration.objects.filter(activity=activity, state__in=LIVE).exclude(state__in=UNCONFIRMED)
    return found.select_related("person", "organisation", "given").order_by("family_name", "given_name", "pk")


def answers_of(registration: Registration) -> dict[str, Any]:
    given = getattr(registration, "given", None)
    return given.answers if given else {}


def organisation_key(registration: Registration) -> str:
    """For whom somebody comes, as one word: the organisation, or its name as typed; empty for herself."""
    if registration.organisation_id:
        return f"id:{registration.organisation_id}"
    return fold(registration.organisation_typed)


def organisation_answers(
    registrations: Iterable[Registration], items: Iterable[Item]
) -> dict[str, dict[str, Any]]:
    """{organisation: {key: answer}}: what the first of each organisation answered for it.

    Who stands for it for sure goes before who says so.
    """
    keys = [one.question.key for one in items if one.is_of_organisation]
    found: dict[str, dict[str, Any]] = {}
    sure = sorted(registrations, key=lambda one: (one.representation != Representation.CONFIRMED, one.pk))
    for registration in sure:
        if not (organisation := organisation_key(registration)):
            continue
        given = answers_of(registration)
        for key in keys:
            if key in given:
                found.setdefault(organisation, {}).setdefault(key, given[key])
    return found


def answered_for(
    activity: Activity, organisation_ids: Iterable[int], items: Iterable[Item]
) -> dict[int, Any]:
    """{organisation: {key: answer}} by id, as far as people who stand for them for sure answered."""
    wanted = list(organisation_ids)
    if not wanted:
        return {}
    sure = given_in(activity).filter(representation=Representation.CONFIRMED)
    found = organisation_answers(sure.filter(organisation__in=wanted), items)
    return {pk: found.get(f"id:{pk}", {}) for pk in wanted}


def last_answers(person: Any, items: Iterable[Item]) -> dict[str, Any]:
    """{key: answer}: what a person answered last to the same questions; nothing protected, no file."""
    asked = {
        one.question.key: one.question for one in items
        if not one.question.is_sensitive and not one.is_of_organisation and one.question.kind != QuestionKind.FILE
    }  # fmt: skip
    if not asked:
        return {}
    found: dict[str, Any] = {}
    rows = Given.objects.filter(registration__person=person).exclude(registration__state__in=UNCONFIRMED)
    for answers in rows.order_by("-changed_at", "-pk").values_list("answers", flat=True)[:50]:
        for key in asked:
            if key in answers:
                found.setdefault(key, answers[key])
    return found


def last_sealed(person: Any) -> Sealed | None:
    """The protected answers a person gave last and that are not erased yet."""
    found = Sealed.objects.filter(registration__person=person).exclude(registration__state__in=UNCONFIRMED)
    return found.select_related("registration__activity").order_by("-given_at", "-pk").first()


def sealed_to_erase(now: datetime) -> QuerySet[Sealed]:
    """30 days after the last session; of places that are gone soon; of what never got a day after a year."""
    gone = now - KEPT_OF_GONE
    return Sealed.objects.filter(
        Q(registration__activity__ends_at__lte=now - KEPT)
        | Q(registration__activity__ends_at=None, given_at__lte=now - KEPT_WITHOUT_DAY)
        | Q(registration__state=State.CANCELLED, registration__cancelled_at__lte=gone)
        | Q(registration__state=State.DECLINED, registration__decided_at__lte=gone)
        | Q(registration__state=State.EXPIRED, given_at__lte=gone)
    )


def given_to_erase(now: datetime) -> QuerySet[Given]:
    """Answers, files among them, of registrations that nobody ever confirmed."""
    nobody = {"registration__state": State.EXPIRED, "registration__person": None}
    return Given.objects.filter(changed_at__lte=now - KEPT_OF_NOBODY, **nobody)


def is_something_to_erase() -> bool:
    now = timezone.now()
    return sealed_to_erase(now).exists() or given_to_erase(now).exists()


def faults() -> list[str]:
    """Protected answers that should be gone, and answers to what nobody asked."""
    late = sealed_to_erase(timezone.now() - KEPT_OF_GONE)
    found = [
        f"asking: protected answers of registration {one} should be erased"
        for one in late.values_list("registration__code", flat=True)[:20]
    ]
    found += [
        f"asking: protected answers of registration {one.registration.code} cannot be opened: is SECRET_KEY another?"
        for one in Sealed.objects.select_related("registration").order_by("-pk")[:20]
        if not opened(one.content)
    ]
    strange = Given.objects.exclude(registration__activity__in=Asked.objects.values("activity"))
    found += [
        f"asking: registration {one} has answers where nothing was ever asked"
        for one in strange.exclude(answers={}).values_list("registration__code", flat=True)[:20]
    ]
    twice = Asked.objects.filter(question_set__programme__isnull=False)
    twice = twice.exclude(question_set__programme=F("activity__programme"))
    return found + [
        f"asking: {one} asks a set of another programme" for one in twice.values_list("code", flat=True)
    ]
