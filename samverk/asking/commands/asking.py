"""Choosing what is asked of those who register, changing of whom and for whose eyes, and stopping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.commands.waiting_list import lock_activity
from samverk.activities.models import Activity
from samverk.asking.models import Asked
from samverk.asking.rules import asking_refusal
from samverk.kit.acting import Actor, Refusal
from samverk.questions.models import QuestionSet
from samverk.questions.queries import newest_of, questions_of
from samverk.trail.commands import log

UNDO_STOPPING = "asking.stop"
FIELDS = ("comes_as", "leaders_read", "leaders_read_protected")


def ask_set(
    activity: Activity, question_set: QuestionSet, *, by: Actor, comes_as: list[str] | None = None,
    leaders_read: bool = True, leaders_read_protected: bool = False,
) -> Asked:  # fmt: skip
    """Ask the newest version of a set from now on; what was stopped is asked again. Raises Refusal."""
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        newest = newest_of(question_set)
        if refusal := asking_refusal(activity, newest, questions_of(newest)):
            raise refusal
        asked = Asked.objects.filter(activity=activity, question_set=newest).first()
        if asked is not None and asked.stopped_at is None:
            raise Refusal(_("This set is asked already."), code="twice", field="questions")
        asked = asked or Asked(activity=activity, question_set=newest, created_by=by.person)
        asked.stopped_at, asked.comes_as = None, comes_as or []
        asked.leaders_read, asked.leaders_read_protected = leaders_read, leaders_read_protected
        asked.save()
        log("ask", asked, by=by, scope=activity.programme.scope, changed=FIELDS)
        return asked


def edit_asking(asked: Asked, *, by: Actor, **fields: Any) -> Asked:
    """Other roles that are asked, or other readers; ``fields`` as in FIELDS."""
    with transaction.atomic():
        asked = _lock(asked)
        changed = [name for name in FIELDS if name in fields and getattr(asked, name) != fields[name]]
        for name in changed:
            setattr(asked, name, fields[name])
        if changed:
            asked.save(update_fields=changed)
            log("edit", asked, by=by, scope=asked.activity.programme.scope, changed=changed)
        return asked


def stop_asking(asked: Asked, *, by: Actor) -> Asked:
    """Nobody is asked any more; what was answered stays. Can be undone for 24 hours."""
    with transaction.atomic():
        asked = _lock(asked)
        if asked.stopped_at is None:
            asked.stopped_at = timezone.now()
            asked.save(update_fields=["stopped_at"])
            log(
                "stop_asking", asked, by=by, scope=asked.activity.programme.scope, changed=["stopped_at"],
                undo_with=UNDO_STOPPING,
            )  # fmt: skip
        return asked


def ask_again(thing_id: int, facts: Mapping[str, Any], by: Actor) -> Asked:
    """The reverse of stop_asking."""
    asked = _lock(Asked(pk=thing_id))
    asked.stopped_at = None
    asked.save(update_fields=["stopped_at"])
    log("ask", asked, by=by, scope=asked.activity.programme.scope, changed=["stopped_at"])
    return asked


def _lock(asked: Asked) -> Asked:
    return (
        Asked.objects.select_for_update(of=("self",)).select_related("activity__programme").get(pk=asked.pk)
    )
