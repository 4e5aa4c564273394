"""Steps 1 to 12: which minutes a presence holds, and why the others are refused.

Presences come in order of recording. What one of them holds, a later one cannot hold again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from .exact import EXACT, written
from .inputs import ATTESTATION, EVIDENCE, EarlierClaim, Period, Presence, RuleSet, last_day
from .outcome import Refusal
from .timeline import DAY, Occupied, Span, by_day, length, merged, minute_of, stamp, uncovered

STRENGTH = {kind: strength for strength, kind in enumerate(EVIDENCE)}

Verdict = tuple[str, dict[str, Any]]


class Piece(NamedTuple):
    """Minutes within one day that a presence holds, with the money an hour of them is worth."""

    presence: Presence
    day: int
    start: int
    end: int
    per_hour: Any


class Refusals:
    """Refused minutes gathered to one row for each presence, reason and facts."""

    def __init__(self) -> None:
        self._facts: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._minutes: dict[tuple[Any, ...], int] = {}

    def add(
        self, presence: Presence, reason: str, minutes: int, facts: dict[str, Any], same: Any = None
    ) -> None:
        """Refuse minutes; `same` tells rows of one presence and reason apart where their facts can differ."""
        key = (presence.id, reason, same)
        self._facts.setdefault(key, facts)
        self._minutes[key] = self._minutes.get(key, 0) + minutes

    def add_taken(
        self, presence: Presence, reason: str, minutes: int, sources: Iterable[dict[str, str]]
    ) -> None:
        """Refuse minutes that others cover; each source is named once on the row."""
        named = self._facts.setdefault((presence.id, reason, None), {"with": []})["with"]
        named += [source for source in dict_unique(sources) if source not in named]
        self.add(presence, reason, minutes, {})

    def rows(self, presences: Sequence[Presence]) -> tuple[Refusal, ...]:
        """All rows, in order of recording."""
        if not self._minutes:
            return ()
        order = {presence.id: place for place, presence in enumerate(presences)}
        keys = sorted(self._minutes, key=lambda key: order[key[0]])
        return tuple(Refusal(key[0], key[1], self._facts[key], self._minutes[key]) for key in keys)


def dict_unique(sources: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """The sources without repetitions, in their order."""
    return list({tuple(source.items()): source for source in sources}.values())


class Sieve:
    """Holds the minutes of presences one after the other; `pieces` are held, `refusals` are not."""

    def __init__(
        self, rule_set: RuleSet, presences: Sequence[Presence], claims: Iterable[EarlierClaim], period: Period
    ) -> None:
        self.rules = rule_set
        self.pieces: list[Piece] = []
        self.refusals = Refusals()
        self._period = period
        self._first, self._last = period.first.toordinal(), period.last.toordinal()
        self._valid_from, self._valid_to = rule_set.valid_from.toordinal(), last_day(rule_set.valid_to)
        self._minimum_strength = STRENGTH[rule_set.minimum_evidence]
        self._attesters = ATTESTATION[rule_set.attestation]
        self._claims = self._claims_by_person(claims)
        self._held: dict[str, Occupied[Presence]] = {}
        self._in_session, self._in_activity = self._attended(presences)
        for presence in presences:
            self._admit(presence)

    def _admit(self, presence: Presence) -> None:
        spans = self._in_force(presence)
        if not spans:
            return
        verdict = self._verdict(presence)
        if verdict:
            reason, facts = verdict
            self.refusals.add(presence, reason, sum(end - start for _, start, end in spans), facts)
            return
        for day, start, end in spans:
            per_hour = self.rules.per_hour_on(presence.category, day)
            if per_hour is None:
                self.refusals.add(presence, "no_rate", end - start, {"category": presence.category})
                continue
            for free_start, free_end in self._not_taken(presence, start, end):
                self.pieces.append(Piece(presence, day, free_start, free_end, per_hour))
                self._held.setdefault(presence.person, Occupied()).add(free_start, free_end, presence)

    def _in_force(self, presence: Presence) -> list[tuple[int, int, int]]:
        """Steps 1 and 2: the parts, cut by day, on which period and rule set both hold."""
        spans = []
        start = minute_of(presence.starts)
        for day, span_start, span_end in by_day(start, start + presence.minutes):
            if not self._first <= day <= self._last:
                facts = {"from": iso(self._period.first), "to": iso(self._period.last)}
                self.refusals.add(presence, "outside_period", span_end - span_start, facts)
            elif not self._valid_from <= day <= self._valid_to:
                facts = {"valid_from": iso(self.rules.valid_from), "valid_to": iso(self.rules.valid_to)}
                self.refusals.add(presence, "rule_not_valid", span_end - span_start, facts)
            else:
                spans.append((day, span_start, span_end))
        return spans

    def _verdict(self, presence: Presence) -> Verdict | None:
        """Steps 3 to 9, which judge the presence as a whole."""
        rules = self.rules
        if rules.eligible_employment is not None and presence.employment not in rules.eligible_employment:
            eligible = list(rules.eligible_employment)
            return "employment_not_eligible", {"employment": presence.employment, "eligible": eligible}
        hit = [flag for flag in dict.fromkeys(presence.flags) if flag in rules.excluded]
        if hit:
            return "excluded_role", {"flags": hit}
        if STRENGTH[presence.evidence] < self._minimum_strength:
            return "evidence_too_weak", {"evidence": presence.evidence, "minimum": rules.minimum_evidence}
        missing = [role for role in self._attesters if role not in presence.attested_by]
        if missing:
            return "not_attested", {"missing": missing}
        return self._too_little(presence)

    def _too_little(self, presence: Presence) -> Verdict | None:
        """Steps 7 to 9: long enough, enough people, enough of what was planned."""
        rules = self.rules
        if rules.minimum_minutes:
            attended = self._in_session[presence.person, presence.session]
            if attended < rules.minimum_minutes:
                return "too_short", {"attended": attended, "minimum": rules.minimum_minutes}
        if presence.group_size < rules.minimum_group:
            return "group_too_small", {"group_size": presence.group_size, "minimum": rules.minimum_group}
        if rules.minimum_share is not None:
            attended = self._in_activity[presence.person, presence.activity]
            planned = presence.planned_minutes
            if attended * 100 < EXACT.multiply(rules.minimum_share, planned):
                facts = {"attended": attended, "planned": planned, "minimum": written(rules.minimum_share)}
                return "share_too_low", facts
        return None

    def _not_taken(self, presence: Presence, start: int, end: int) -> list[Span]:
        """Steps 11 and 12: what neither an earlier claim nor a presence recorded earlier covers."""
        claims = self._claims.get(presence.person)
        held = self._held.get(presence.person)
        if claims is None and held is None:
            return [(start, end)]
        earlier = claims.covering(start, end) if claims else []
        same = [row for row in earlier if row[2].programme == presence.programme]
        spans = self._take_out(presence, "already_claimed", start, end, same)
        free = []
        for span_start, span_end in spans:
            others: list[tuple[int, int, Any]] = [
                row for row in earlier if row[0] < span_end and row[1] > span_start
            ]
            others += held.covering(span_start, span_end) if held else []
            free += self._take_out(presence, "overlap", span_start, span_end, others)
        return free

    def _take_out(
        self, presence: Presence, reason: str, start: int, end: int, rows: list[tuple[int, int, Any]]
    ) -> list[Span]:
        if not rows:
            return [(start, end)]
        free = uncovered(start, end, [row[:2] for row in rows])
        refused = end - start - length(free)
        self.refusals.add_taken(presence, reason, refused, [source_of(row[2]) for row in rows])
        return free

    def _claims_by_person(self, claims: Iterable[EarlierClaim]) -> dict[str, Occupied[EarlierClaim]]:
        """Earlier claims with times that can touch the period at all."""
        opens, closes = self._first * DAY, (self._last + 1) * DAY
        book: dict[str, Occupied[EarlierClaim]] = {}
        for claim in claims:
            start = minute_of(claim.starts)
            if start < closes and start + claim.minutes > opens and claim.minutes:
                book.setdefault(claim.person, Occupied()).add(start, start + claim.minutes, claim)
        return book

    def _attended(self, presences: Iterable[Presence]) -> tuple[dict[Any, int], dict[Any, int]]:
        """Distinct minutes of each person by session and by activity, of presences proven and attested (steps 5, 6).

        Minutes outside the period count too: a course across two claims is judged whole.
        """
        if not self.rules.minimum_minutes and self.rules.minimum_share is None:
            return {}, {}
        sessions: dict[Any, list[Span]] = {}
        activities: dict[Any, list[Span]] = {}
        for presence in presences:
            weak = STRENGTH[presence.evidence] < self._minimum_strength
            if weak or any(role not in presence.attested_by for role in self._attesters):
                continue
            start = minute_of(presence.starts)
            span = (start, start + presence.minutes)
            sessions.setdefault((presence.person, presence.session), []).append(span)
            activities.setdefault((presence.person, presence.activity), []).append(span)
        return minutes_by_key(sessions), minutes_by_key(activities)


def minutes_by_key(spans: dict[Any, list[Span]]) -> dict[Any, int]:
    """Distinct minutes under each key."""
    return {key: length(merged(parts)) for key, parts in spans.items()}


def source_of(source: EarlierClaim | Presence) -> dict[str, str]:
    """How a refusal names what covers its minutes."""
    named = {"programme": source.programme, "starts": stamp(source.starts)}
    if isinstance(source, Presence):
        named["presence"] = source.id
    return named


def iso(day: date | None) -> str | None:
    """A date as it stands in files; open stays `None`."""
    return None if day is None else day.isoformat()
