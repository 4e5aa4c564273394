"""The decision: every minute that comes in either counts in a line or is refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from .caps import within_caps
from .inputs import EarlierClaim, Period, Presence, RuleSet
from .lines import lines_of, totals_of
from .outcome import Decision
from .sieve import Sieve


def decide(
    rule_set: RuleSet,
    funding_line: str,
    presences: Sequence[Presence],
    already_claimed: Sequence[EarlierClaim],
    period: Period,
) -> Decision:
    """Judge presences under a rule set.

    The order of `presences` is the order of recording; it decides overlaps and ties of caps. `already_claimed` was
    recorded before all of them. Ids of presences must differ. Pure: the same inputs always give the same decision.
    """
    sieve = Sieve(rule_set, presences, already_claimed, period)
    counted = within_caps(rule_set, funding_line, sieve.pieces, already_claimed, period, sieve.refusals)
    lines = lines_of(rule_set, counted)
    return Decision(
        rule_set=rule_set.reference,
        currency=rule_set.currency,
        lines=lines,
        refused=sieve.refusals.rows(presences),
        totals=totals_of(rule_set, lines),
    )
