"""When a poll can be made, answered and decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.polls.choices import MOST_TIMES, PollState
from samverk.polls.models import Poll


def times_refusal(
    times: Sequence[tuple[datetime, datetime]], deadline: datetime, now: datetime
) -> Refusal | None:
    """Two to twelve different times ahead, and a last day for answers before the first of them."""
    if len(times) < 2:
        return Refusal(_("Propose at least two times."), code="too_few", field="times")
    if len(times) > MOST_TIMES:
        return Refusal(_("Propose at most %(n)s times.") % {"n": MOST_TIMES}, code="too_many", field="times")
    if len(set(times)) < len(times):
        return Refusal(_("The same time stands there twice."), code="twice", field="times")
    if deadline <= now:
        return Refusal(
            _("The last day for answers is over. Choose a later one."), code="past", field="deadline"
        )
    if min(start for start, _end in times) <= deadline:
        return Refusal(
            _("The first time comes before the last day for answers. Choose an earlier last day."),
            code="deadline_late",
            field="deadline",
        )
    return None


def answering_refusal(poll: Poll, now: datetime) -> Refusal | None:
    if poll.state == PollState.DECIDED:
        return Refusal(_("A time is chosen already."), code="decided")
    if poll.state == PollState.CLOSED:
        return Refusal(_("The question is closed."), code="closed")
    if poll.deadline <= now:
        return Refusal(_("The last day for answers is over."), code="past")
    return None
