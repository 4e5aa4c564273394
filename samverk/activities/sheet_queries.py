"""Reads of a session's sheet: the rows with their names, the counts, the two answers of a disputed row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import EvidenceKind, Mark, RegistrationState
from samverk.activities.models import Attendance, MarkReceived, Registration, Session
from samverk.activities.sheet_rules import seen_of
from samverk.kit import words
from samverk.kit.fold import fold
from samverk.people.rules import shown_name


@dataclass(frozen=True)
class SheetCounts:
    """How many rows stand how; a part counts as here, too."""

    rows: int
    here: int
    part: int
    absent: int
    unmarked: int
    disputed: int
    walk_ins: int


@dataclass(frozen=True)
class Answer:
    """One of the answers about a disputed row."""

    mark: str
    words: str
    who: str
    clock: str
    came: str
    left: str


@dataclass(frozen=True)
class SheetRow:
    """A row as a sheet shows it; somebody with protected identity stands there under an alias."""

    id: int
    name: str
    organisation: str
    mark: str
    seen: str
    is_disputed: bool
    is_walk_in: bool
    is_leader: bool
    is_linked: bool
    is_scanned: bool
    is_protected: bool
    needs_representation: bool
    came: str
    left: str
    words: str
    kind: str
    folded: str
    person_code: str
    answers: tuple[Answer, ...] = ()


def counts_of(session: Session) -> SheetCounts:
    """The numbers of a sheet in one query."""
    marked = {mark: Count("pk", filter=Q(mark=mark)) for mark in Mark.values}
    found = Attendance.objects.filter(session=session).aggregate(
        rows=Count("pk"), disputed=Count("pk", filter=Q(is_disputed=True)),
        walk_ins=Count("pk", filter=Q(is_walk_in=True)), **{f"n_{mark}": count for mark, count in marked.items()},
    )  # fmt: skip
    part = found["n_part"]
    return SheetCounts(
        rows=found["rows"], here=found["n_here"] + part, part=part, absent=found["n_absent"],
        unmarked=found["n_none"], disputed=found["disputed"], walk_ins=found["walk_ins"],
    )  # fmt: skip


def rows_of(session: Session, ids: Iterable[int] | None = None) -> list[SheetRow]:
    """Everybody on the sheet, or these rows of it, by family name. Three queries, however long it is."""
    wanted = Attendance.objects.filter(session=session)
    rows = _loaded(wanted if ids is None else wanted.filter(pk__in=list(ids)), session)
    answers = _answers([row for row in rows if row.is_disputed], session)
    return [_shown(row, session, answers.get(row.pk, ())) for row in rows]


def row_of(attendance: Attendance) -> SheetRow:
    """One row anew, after a mark."""
    row = _loaded(Attendance.objects.filter(pk=attendance.pk), attendance.session)[0]
    answers = _answers([row], row.session) if row.is_disputed else {}
    return _shown(row, row.session, answers.get(row.pk, ()))


def _loaded(rows: QuerySet[Attendance], session: Session) -> list[Attendance]:
    found = list(rows.select_related("person", "organisation").order_by("sort_key", "id"))
    for row in found:
        row.session = session
    return found


def _shown(row: Attendance, session: Session, answers: tuple[Answer, ...]) -> SheetRow:
    person = row.person
    is_protected = person is not None and person.is_protected
    name = shown_name(person) if person else row.name
    organisation = str(row.organisation) if row.organisation else row.organisation_typed
    return SheetRow(
        id=row.pk,
        name=name,
        organisation="" if is_protected else organisation,
        mark=row.mark,
        seen=seen_of(row),
        is_disputed=row.is_disputed,
        is_walk_in=row.is_walk_in,
        is_leader=row.is_leader,
        is_linked=person is not None,
        is_scanned=row.was_here and row.evidence == EvidenceKind.STAFF_SCAN,
        is_protected=is_protected,
        needs_representation=row.representation == "claimed",
        came=_local(row.came_at, session),
        left=_local(row.left_at, session),
        words=_mark_words(row.mark, row.came_at, row.left_at, session, row.away_minutes),
        kind={"here": "ok", "part": "ok", "absent": "off"}.get(row.mark, ""),
        folded=fold(f"{name} {'' if is_protected else organisation}"),
        person_code=person.code if person else "",
        answers=answers,
    )


def _local(moment: Any, session: Session) -> str:
    return words.clock(moment.astimezone(session.zone)) if moment else ""


def _mark_words(mark: str, came_at: Any, left_at: Any, session: Session, away: int = 0) -> str:
    if mark == Mark.PART and came_at and left_at:
        span = words.span(came_at.astimezone(session.zone), left_at.astimezone(session.zone))
        return (
            _("%(span)s, away %(minutes)s") % {"span": span, "minutes": words.hours(away)} if away else span
        )
    return str(Mark(mark).label)


def _answers(rows: Iterable[Attendance], session: Session) -> dict[int, tuple[Answer, ...]]:
    """The last answer of each person and device about these rows, newest first."""
    ids = [row.pk for row in rows]
    if not ids:
        return {}
    latest: dict[tuple[int, int | None, str], MarkReceived] = {}
    taps = (
        MarkReceived.objects.filter(attendance__in=ids)
        .select_related("by")
        .order_by("tapped_at", "received_at")
    )
    for tap in taps:
        latest[tap.attendance_id, tap.by_id, tap.device] = tap
    found: dict[int, dict[str, Answer]] = {pk: {} for pk in ids}
    for tap in sorted(latest.values(), key=lambda tap: tap.tapped_at, reverse=True):
        said = _mark_words(tap.mark, tap.came_at, tap.left_at, session, tap.away_minutes)
        if tap.mark != Mark.NOT_MARKED and said not in found[tap.attendance_id]:
            found[tap.attendance_id][said] = Answer(
                mark=tap.mark, words=said, who=str(tap.by) if tap.by else "", clock=_local(tap.tapped_at, session),
                came=_local(tap.came_at, session), left=_local(tap.left_at, session),
            )  # fmt: skip
    return {pk: tuple(answers.values()) for pk, answers in found.items()}


def sheet_faults() -> list[str]:
    """For the doctor: closed sheets with open rows, and sheets to come that miss people or expect another group's."""
    faults = []
    half = Session.objects.filter(state=Session.State.DONE).filter(
        Exists(Attendance.objects.filter(session=OuterRef("pk"), mark=Mark.NOT_MARKED))
    )
    faults += [
        f"session {code} is done and has rows that are not marked"
        for code in half.values_list("code", flat=True)
    ]
    coming = Session.objects.filter(state=Session.State.PLANNED, starts_at__gt=timezone.now())
    for session in coming.select_related("activity"):
        places = Registration.objects.filter(activity=session.activity_id, state=RegistrationState.CONFIRMED)
        on_sheet = Attendance.objects.filter(session=session, registration=OuterRef("pk"))
        coming_here = places.coming_to(session)
        missing = coming_here.filter(~Exists(on_sheet)).count()
        if missing:
            faults.append(f"session {session.code}: {missing} people with a place do not stand on its sheet")
        rows = Attendance.objects.filter(session=session, is_walk_in=False, registration__isnull=False)
        stray = rows.filter(mark=Mark.NOT_MARKED).exclude(registration__in=coming_here.values("pk")).count()
        if stray:
            faults.append(f"session {session.code}: {stray} people are expected whose group does not come")
    return faults
