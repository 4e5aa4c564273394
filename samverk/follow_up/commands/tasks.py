"""Tasks: who does what until when, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity
from samverk.follow_up.models import Task
from samverk.kit.acting import Actor, Refusal
from samverk.people.models import Person
from samverk.trail.commands import log

UNDO_DONE = "task.finish"


def add_task(
    activity: Activity, *, text: str, by: Actor, owner: Person | None = None, due: date | None = None
) -> Task:
    """Write down what somebody is to do."""
    text = " ".join(text.split())
    if not text:
        raise Refusal(_("Write what is to be done."), code="empty", field="text")
    with transaction.atomic():
        task = Task.objects.create(activity=activity, text=text[:300], owner=owner, due=due)
        log("add_task", task, by=by, scope=activity.programme.scope, changed=["text", "owner", "due"])
    return task


def finish_task(task: Task, *, by: Actor, outcome: str = "") -> Task:
    """It is done; what came of it in a sentence, where there is something to say."""
    with transaction.atomic():
        task = _lock(task.pk)
        if task.done_at is not None:
            return task
        task.done_at, task.done_by, task.outcome = timezone.now(), by.person, outcome.strip()[:300]
        task.save(update_fields=["done_at", "done_by", "outcome"])
        log("finish_task", task, by=by, scope=task.activity.programme.scope, undo_with=UNDO_DONE)
    return task


def undo_finishing(task_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """It is to do again."""
    task = _lock(task_id)
    task.done_at, task.done_by = None, None
    task.save(update_fields=["done_at", "done_by"])
    log("reopen_task", task, by=by, scope=task.activity.programme.scope)


def _lock(pk: int) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("activity__programme").get(pk=pk)
