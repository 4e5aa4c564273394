"""What the worker does for the ledger: each duty finds its own work and calls a command."""

from __future__ import annotations

from samverk.activities.models import Session
from samverk.kit.duties import add_duty
from samverk.ledger.commands.asking import ask_employers, ask_for_last_month, remind_statements
from samverk.ledger.commands.following import follow_changes
from samverk.ledger.commands.judging import judge_stale
from samverk.ledger.commands.posting import post_marked
from samverk.ledger.models import PersonMonth


def something_to_post() -> bool:
    return Session.objects.filter(needs_posting=True).exists()


def something_to_judge() -> bool:
    return PersonMonth.objects.filter(is_stale=True).exists()


def add_duties() -> None:
    """Called once, at start-up."""
    add_duty("ledger.follow_changes", 30, follow_changes)
    add_duty("ledger.post_marked", 5, post_marked, is_needed=something_to_post)
    add_duty("ledger.judge_stale", 5, judge_stale, is_needed=something_to_judge)
    add_duty("ledger.ask_for_last_month", 15 * 60, ask_for_last_month)
    add_duty("ledger.remind_statements", 3600, remind_statements)
    add_duty("ledger.ask_employers", 3600, ask_employers)
