"""Who may answer when, what may be shown, and which groups are too small to be shown apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from samverk.evaluation.choices import SMALLEST_GROUP, EvaluationState
from samverk.evaluation.models import Evaluation, Invitation
from samverk.kit.acting import Refusal


def answering_refusal(evaluation: Evaluation, invitation: Invitation, today: date) -> Refusal | None:
    """Why this link takes no answer now, or None."""
    if invitation.is_used:
        return Refusal(_("You have answered already. Thank you."), code="used")
    if evaluation.state != EvaluationState.OPEN or evaluation.closes_on < today:
        return Refusal(_("This evaluation is closed."), code="closed")
    return None


def showing_refusal(evaluation: Evaluation, number: int) -> Refusal | None:
    """Why the results are not shown. Looking between two answers of an open one would show the later of them."""
    if not evaluation.is_anonymous:
        return None
    if evaluation.state != EvaluationState.CLOSED:
        return Refusal(
            _("The answers are anonymous. Results are shown when the evaluation is closed."), code="open"
        )
    if number < SMALLEST_GROUP:
        return Refusal(_("Fewer than five people answered. Their answers are not shown."), code="few")
    return None


def hidden_groups[K: Hashable](sizes: Mapping[K, int], smallest: int = SMALLEST_GROUP) -> set[K]:
    """Groups that must not be shown apart, so that no group below ``smallest`` can be seen or be reckoned.

    The total is known, so what is hidden together is known as well: one small group alone would be the total less
    the others. The hidden ones are therefore always at least two groups with ``smallest`` people together; the
    smallest shown groups are hidden with them until that holds. Empty groups are neither hidden nor shown.
    """
    living = {key: size for key, size in sizes.items() if size > 0}
    hidden = {key for key, size in living.items() if size < smallest}
    shown = sorted((key for key in living if key not in hidden), key=lambda key: living[key], reverse=True)
    while hidden and shown and (len(hidden) < 2 or sum(living[key] for key in hidden) < smallest):
        hidden.add(shown.pop())
    return hidden
