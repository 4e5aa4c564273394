"""Who has completed an activity: minutes attended against minutes planned, or a ruling with a reason.

The comparison is `samverk.reckoning.attended`'s: exact, never rounded, so 79.99 % is not 80 %. Attended are the
distinct minutes of closed sessions; planned is the whole activity, sessions that are still to come included.
Nothing here writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from samverk.activities.choices import Mark, RegistrationState
from samverk.activities.models import Activity, Attendance, CompletionRuling, Session
from samverk.activities.presences import stay_of
from samverk.kit import words
from samverk.reckoning.attended import attended_enough, attended_percent
from samverk.reckoning.timeline import Span, length, merged

# What a rule usually asks; offered, never assumed.
USUAL_SHARE = Decimal(80)
PERSON, REGISTRATION = "p", "r"


@dataclass(frozen=True, slots=True)
class Share:
    """Whole minutes attended, of whole minutes planned."""

    attended: int
    planned: int

    @property
    def percent(self) -> Decimal:
        """For reading: two decimals. Decide with `reaches`."""
        return attended_percent(self.attended, self.planned)

    def reaches(self, minimum_percent: Decimal) -> bool:
        """Whether it is at least this percentage, exactly. Where nothing is planned, nobody completes."""
        return self.attended > 0 and attended_enough(self.attended, self.planned, minimum_percent)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands in an activity: the whole share, that of each session, and a ruling where there is one."""

    key: str
    person_id: int | None
    registration_id: int | None
    share: Share
    by_session: dict[int, Share]
    ruling: CompletionRuling | None
    completes: bool


def key_of(person_id: int | None, registration_id: int | None) -> str:
    """Who a row is about: the person, or the registration of somebody who shares a mailbox; empty for nobody named."""
    if person_id:
        return f"{PERSON}{person_id}"
    return f"{REGISTRATION}{registration_id}" if registration_id else ""


def ids_of(key: str) -> tuple[int | None, int | None]:
    """(person, registration) of a key; (None, None) for what is no key."""
    kind, number = key[:1], key[1:]
    if kind not in (PERSON, REGISTRATION) or not number.isdecimal() or len(number) > 18:
        return None, None
    return (int(number), None) if kind == PERSON else (None, int(number))


def standings(activity: Activity, keys: Iterable[str] | None = None) -> dict[str, Standing]:
    """Everybody on the sheets but the leaders, or those asked for; the number of queries does not grow with them.

    Planned for somebody in a group are the sessions the group comes to. Where she was with another group that
    counts too, since she has made up for one of her own, but nobody attends more than was planned.
    """
    groups = _groups(activity)
    sessions = {one.pk: one for one in activity.sessions.exclude(state=Session.State.CANCELLED)}
    rows = _rows(sessions, keys)
    rulings = {key_of(one.person_id, one.registration_id): one for one in _rulings(activity)}
    stays: dict[str, dict[int, Span]] = defaultdict(dict)
    for row in rows:
        spans = stays[key_of(row.person_id, row.registration_id)]
        if span := _span(row, sessions[row.session_id]):
            spans[row.session_id] = span
    return {
        key: _standing(
            key, spans, groups.own(sessions, key, spans), rulings.get(key), activity.completion_share
        )
        for key, spans in stays.items()
        if key
    }


@dataclass(frozen=True, slots=True)
class _Groups:
    """Who is in which group, and which groups come to which session; empty where the activity has none."""

    of_key: dict[str, int]
    of_session: dict[int, set[int]]

    def own(self, sessions: dict[int, Session], key: str, spans: dict[int, Span]) -> _Own:
        mine = self.of_key.get(key)
        planned = {
            pk: one
            for pk, one in sessions.items()
            if pk not in self.of_session or mine in self.of_session[pk]
        }
        shown = {pk: one for pk, one in sessions.items() if pk in planned or pk in spans}
        return _Own(shown, sum(one.planned_minutes for one in planned.values()))


@dataclass(frozen=True, slots=True)
class _Own:
    """One person's sessions, those with other groups included, and the minutes planned for her."""

    sessions: dict[int, Session]
    planned: int


def _groups(activity: Activity) -> _Groups:
    pairs = Session.cohorts.through.objects.filter(session__activity=activity)
    of_session: dict[int, set[int]] = defaultdict(set)
    for session, cohort in pairs.values_list("session", "cohort"):
        of_session[session].add(cohort)
    if not of_session:
        return _Groups({}, {})
    placed = activity.registrations.filter(cohort__isnull=False, state=RegistrationState.CONFIRMED)
    of_key: dict[str, int] = {}
    for person, registration, cohort in placed.values_list("person", "pk", "cohort"):
        of_key[key_of(person, registration)] = cohort
    return _Groups(of_key, of_session)


def open_sheets(activity: Activity) -> int:
    """Sessions whose sheet is not closed: what they will say is not known yet."""
    return activity.sessions.filter(state=Session.State.PLANNED).count()


def unnamed_rows(activity: Activity) -> int:
    """Rows of people who came and whom nobody has named: they have no certificate and no hours."""
    here = Attendance.objects.filter(session__activity=activity, mark__in=[Mark.HERE, Mark.PART])
    return here.filter(person=None, registration=None).count()


def why(standing: Standing, minimum_percent: Decimal | None, open_sessions: int) -> str:
    """Why somebody has completed, or has not, in a sentence."""
    said = {
        "attended": words.hours(standing.share.attended),
        "planned": words.hours(standing.share.planned),
    }
    if standing.ruling:
        return _("Decided by hand: %(reason)s") % {"reason": standing.ruling.because}
    if minimum_percent is None:
        return _("Attended %(attended)s of %(planned)s.") % said
    said["minimum"] = percent_words(minimum_percent)
    if standing.completes:
        return _("Attended %(attended)s of %(planned)s, at least %(minimum)s.") % said
    if open_sessions:
        return _("Attended %(attended)s of %(planned)s so far; %(minimum)s is asked.") % said
    return _("Attended %(attended)s of %(planned)s, less than %(minimum)s.") % said


def percent_words(value: Decimal) -> str:
    """“80 %”, with decimals only where there are any, and never rounded up to a share nobody reached."""
    plain = value.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return f"{words.number(plain, decimals)}{words.FIRM}%"


def _rows(sessions: dict[int, Session], keys: Iterable[str] | None) -> list[Attendance]:
    rows = Attendance.objects.filter(session__in=list(sessions), is_leader=False).order_by("sort_key", "pk")
    if keys is not None:
        ids = [ids_of(key) for key in keys]
        people = [person for person, _registration in ids if person]
        registrations = [registration for _person, registration in ids if registration]
        mine = Attendance.objects.filter(person__in=people) | Attendance.objects.filter(
            person=None, registration__in=registrations
        )
        rows = rows & mine
    fields = ("session", "person", "registration", "mark", "came_at", "left_at", "away_minutes", "sort_key")
    return list(rows.only(*fields))


def _rulings(activity: Activity) -> list[CompletionRuling]:
    return list(CompletionRuling.objects.filter(activity=activity))


def _span(row: Attendance, session: Session) -> Span | None:
    """The stay on the line of minutes; nothing counts before the sheet is closed."""
    if not session.is_closed or not row.was_here:
        return None
    starts_at, minutes = stay_of(row, session)
    start = _minute(starts_at)
    return (start, start + minutes) if minutes > 0 else None


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _standing(
    key: str,
    spans: dict[int, Span],
    own: _Own,
    ruling: CompletionRuling | None,
    minimum: Decimal | None,
) -> Standing:
    # Two sessions at the same hour: nobody sat in both.
    share = Share(min(length(merged(spans.values())), own.planned), own.planned)
    by_session = {
        pk: Share(spans[pk][1] - spans[pk][0] if pk in spans else 0, session.planned_minutes)
        for pk, session in own.sessions.items()
    }
    person_id, registration_id = ids_of(key)
    passes = minimum is not None and share.reaches(minimum)
    return Standing(
        key=key,
        person_id=person_id,
        registration_id=registration_id,
        share=share,
        by_session=by_session,
        ruling=ruling,
        completes=ruling.completes if ruling else passes,
    )
