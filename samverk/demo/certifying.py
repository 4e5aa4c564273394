"""Certificates of the demo: the programme that runs now, and the workshop blocks of sixteen hours."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from samverk.activities.choices import ActivityKind
from samverk.activities.commands.completion import set_completion_share
from samverk.activities.completion import USUAL_SHARE, standings
from samverk.certificates.commands.issuing import start_issuing, work_on_issuing
from samverk.certificates.commands.templates import add_signatory, save_activity_texts, save_template
from samverk.demo.history import Story
from samverk.kit.acting import Refusal

TAUGHT = (ActivityKind.COURSE, ActivityKind.WORKSHOP)


def certify(story: Story, *, place: str, signs: tuple[str, str], share: Decimal = USUAL_SHARE) -> int:
    """Whoever attended enough of what was taught has a certificate; nobody is written to. Says how many."""
    programme = story.programme
    save_template(programme, look={"place": place}, texts={}, by=story.by)
    add_signatory(programme, *signs, by=story.by)
    issued = 0
    over = programme.activities.filter(kind__in=TAUGHT, state="published", ends_at__lt=timezone.now())
    for activity in over.filter(sessions__state="done").distinct():
        save_activity_texts(activity, {activity.language: {"contents": activity.take_home}}, by=story.by)
        activity = set_completion_share(activity, share, by=story.by)
        try:
            work = start_issuing(activity, list(standings(activity)), by=story.by, tells=False)
        except Refusal:
            continue  # nobody attended enough
        issued += work_on_issuing(work).issued
    return issued
