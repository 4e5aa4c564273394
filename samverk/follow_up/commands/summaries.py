"""What is told about an activity: drafted, kept by hand, published and withdrawn by a person."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from samverk.activities.models import Activity
from samverk.follow_up.drafting import draft_of
from samverk.follow_up.models import Summary
from samverk.follow_up.rules import publishing_refusal
from samverk.kit.acting import Actor
from samverk.trail.commands import log


def draft_summary(activity: Activity, *, by: Actor) -> Summary:
    """Write the first draft from the facts. Words that somebody wrote by hand are never written over."""
    with transaction.atomic():
        summary = _of(activity)
        if not summary.text.strip():
            summary.text = draft_of(activity)
            _keep(summary, "draft_summary", by)
    return summary


def write_summary(activity: Activity, *, text: str, by: Actor) -> Summary:
    """Keep the words as they are now; empty them, and the draft can be made again."""
    with transaction.atomic():
        summary = _of(activity)
        if summary.text != text:
            summary.text = text
            _keep(summary, "write_summary", by)
    return summary


def publish_summary(activity: Activity, *, by: Actor) -> Summary:
    """Everybody reads it on the page of the activity."""
    with transaction.atomic():
        summary = _of(activity)
        if refusal := publishing_refusal(summary):
            raise refusal
        if summary.published_at is None:
            summary.published_at, summary.published_by = timezone.now(), by.person
            summary.save(update_fields=["published_at", "published_by"])
            log("publish_summary", summary, by=by, scope=activity.programme.scope, changed=["published_at"])
    return summary


def withdraw_summary(activity: Activity, *, by: Actor) -> Summary:
    """Nobody outside reads it any more; the words stay."""
    with transaction.atomic():
        summary = _of(activity)
        if summary.published_at is not None:
            summary.published_at, summary.published_by = None, None
            summary.save(update_fields=["published_at", "published_by"])
            log("withdraw_summary", summary, by=by, scope=activity.programme.scope, changed=["published_at"])
    return summary


def _of(activity: Activity) -> Summary:
    summary, _is_new = Summary.objects.select_for_update(of=("self",)).get_or_create(
        activity=activity, defaults={"language": activity.language}
    )
    summary.activity = activity
    return summary


def _keep(summary: Summary, verb: str, by: Actor) -> None:
    summary.edited_at = timezone.now()
    summary.save(update_fields=["text", "edited_at"])
    log(verb, summary, by=by, scope=summary.activity.programme.scope, changed=["text"])
