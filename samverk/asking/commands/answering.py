"""Taking answers with a registration and changing them; the protected ones apart. No value reaches the trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from samverk.activities.models import Activity, Registration
from samverk.asking.models import Given, Sealed
from samverk.asking.queries import items_for, last_sealed
from samverk.asking.rules import Item, changing_refusal
from samverk.asking.sealing import opened, seal
from samverk.kit.acting import SESSION, Actor
from samverk.questions.answers import checked_answers, forget_files, split_sensitive
from samverk.questions.commands.sets import note_answered
from samverk.trail.commands import log

Register = Callable[..., Registration]


def register_with_answers(
    register: Register, activity: Activity, answers: Mapping[str, Any], *, by: Actor, form_key: uuid.UUID,
    is_forced: bool = True, again: bool = False, **facts: Any,
) -> Registration:  # fmt: skip
    """Register by ``register`` or ``register_for``, and keep the answers with what came out, or neither.

    Answers never change a registration that was there before: whoever types a known name and address must not
    write into somebody's answers. ``again`` takes the protected answers of last time along.
    """
    if not getattr(activity, "asks_questions", True):
        # Loaded with that fact: where nothing is asked, nothing more is looked up.
        return register(activity, by=by, form_key=form_key, **facts)
    with transaction.atomic():
        made = register(activity, by=by, form_key=form_key, **facts)
        is_own = by.through == SESSION and by.person is not None and by.person.pk == made.person_id
        is_new = made.form_key == form_key or is_own
        if is_new and not Given.objects.filter(registration=made).exists():
            if again and is_own:
                answers = _with_last_sealed(made, answers)
            _keep(made, items_for(made), answers, by=by, is_forced=is_forced)
        return made


def _with_last_sealed(registration: Registration, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed now goes before what was written last time."""
    before = last_sealed(registration.person)
    asked = {one.question.key for one in items_for(registration) if one.question.is_sensitive}
    kept = opened(before.content) if before else {}
    return {key: value for key, value in kept.items() if key in asked} | dict(answers)


def change_given(
    registration: Registration, answers: Mapping[str, Any], *, by: Actor, with_protected: bool
) -> Registration:
    """A person changes what she answered, as long as registration is open. Raises Refusal.

    Without ``with_protected`` the protected answers stay as they are, whatever ``answers`` holds.
    """
    with transaction.atomic():
        registration = Registration.objects.select_related("activity__programme").get(pk=registration.pk)
        if refusal := changing_refusal(registration, timezone.now()):
            raise refusal
        items = [one for one in items_for(registration) if with_protected or not one.question.is_sensitive]
        _keep(registration, items, answers, by=by, is_forced=True)
        return registration


def _keep(
    registration: Registration, items: list[Item], answers: Mapping[str, Any], *, by: Actor, is_forced: bool
) -> None:
    """Check, split, write. Questions of other roles, and of an organisation for who comes for none, are left out."""
    if not items:
        return
    comes_for_some = bool(registration.organisation_id or registration.organisation_typed)
    asked = [one for one in items if comes_for_some or not one.is_of_organisation]
    for one in asked:
        # Of an organisation one answer is enough; staff on the phone are never held up.
        one.question.is_required = one.question.is_required and is_forced and not one.is_of_organisation
    questions = [one.question for one in asked]
    keys = {one.key for one in questions}
    values = checked_answers(questions, {key: value for key, value in answers.items() if key in keys})
    plain, protected = split_sensitive(questions, values)
    changed = _write_plain(registration, plain, keys)
    if any(one.is_sensitive for one in questions):
        changed |= _write_sealed(registration, protected)
    if changed:
        for question_set in {one.question_set_id: one.question_set for one in questions}.values():
            note_answered(question_set)
        log("give_answers", registration, by=by, scope=registration.activity.programme.scope)


def _write_plain(registration: Registration, plain: dict[str, Any], keys: set[str]) -> bool:
    now = timezone.now()
    given = Given.objects.filter(registration=registration).first()
    if given is None:
        if plain:
            Given.objects.create(registration=registration, answers=plain, given_at=now, changed_at=now)
        return bool(plain)
    # What was answered to questions of another version stays.
    kept = {key: value for key, value in given.answers.items() if key not in keys} | plain
    if kept == given.answers:
        return False
    old = {key: value for key, value in given.answers.items() if kept.get(key) != value}
    given.answers, given.changed_at = kept, now
    given.save(update_fields=["answers", "changed_at"])
    transaction.on_commit(lambda: forget_files(old))
    return True


def _write_sealed(registration: Registration, protected: dict[str, Any]) -> bool:
    if not protected:
        return bool(Sealed.objects.filter(registration=registration).delete()[0])
    content = {"content": seal(protected), "given_at": timezone.now()}
    Sealed.objects.update_or_create(registration=registration, defaults=content)
    return True
