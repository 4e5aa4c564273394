"""Attendance: who is expected, who was here, and closing a sheet.

Everybody expected has a row from the start, not marked. A tap is taken once by its own id; of taps that arrive in
any order the one tapped last stands. Where two devices answered differently without seeing each other, the row keeps
both and says so until somebody decides.

Before each change the attendance guards are asked, after it they are told, in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import sheet_rules as rules
from samverk.activities.choices import EvidenceKind, Mark, RegistrationState, Representation
from samverk.activities.commands.sheets import (
    ask_guards,
    is_open_to_change,
    locked_session,
    moment_of,
    name_key,
    raise_versions,
    scope_of,
    state_of,
    tell_guards,
    walk_in_key,
)
from samverk.activities.models import Attendance, Leader, MarkReceived, Registration, Session
from samverk.directory.models import Organisation
from samverk.kit.acting import Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.people.models import Person
from samverk.trail.commands import log

_MARKED = ("mark", "came_at", "left_at", "away_minutes", "stays", "evidence", "is_disputed")
UNDO_MARK, UNDO_REST, UNDO_CLOSING = "attendance.mark", "attendance.rest", "attendance.closing"


@dataclass(frozen=True)
class Tap:
    """One answer about one row, as somebody gave it."""

    mark: str
    came_at: datetime | None = None
    left_at: datetime | None = None
    evidence: str = EvidenceKind.FACILITATOR_MARK
    away_minutes: int = 0
    stays: tuple[tuple[str, str], ...] = ()


# ---------- who is expected ----------


def expect(registration: Registration, *, by: Actor) -> list[Attendance]:
    """Put a registration on the sheets of its activity; safe to call again after any change of it.

    Sessions that are over get no new row. Rows that stand already speak as the registration speaks now, closed
    sheets included; sheets of a sealed period stay as they are.
    """
    own = Session.objects.filter(activity=registration.activity_id).of_cohort(registration.cohort_id)
    sessions = list(own.exclude(state=Session.State.CANCELLED).select_related("activity__programme"))
    facts = _facts_of(registration, _leaders_of(registration.activity_id))
    with transaction.atomic(savepoint=False):
        rows = _rows_of(sessions, registration)
        new = [one for one in sessions if one.pk not in rows and not _is_over(one)]
        changed = [_speak_anew(one, rows[one.pk], facts, by) for one in sessions if one.pk in rows]
        return [*changed, *_add_to(new, facts)]


def _is_over(session: Session) -> bool:
    return session.is_closed or session.ends_at <= timezone.now()


def _add_to(sessions: list[Session], facts: dict[str, Any]) -> list[Attendance]:
    """New rows, and the screens that watch the sheets look again: two queries, however many sessions."""
    if not sessions:
        return []
    raise_versions(sessions)
    return Attendance.objects.bulk_create(Attendance(session=session, **facts) for session in sessions)


def _speak_anew(session: Session, row: Attendance, facts: dict[str, Any], by: Actor) -> Attendance:
    """A row that stands already says what the registration says now, unless its sheet is sealed."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if changed and is_open_to_change(session):
        for name in changed:
            setattr(row, name, facts[name])
        row.save(update_fields=changed)
        log("expect", row, by=by, scope=scope_of(session), changed=changed)
        tell_guards(session)
    return row


def _rows_of(sessions: list[Session], registration: Registration) -> dict[int, Attendance]:
    """By session: the registration's row, or that of the same person who came before her registration did."""
    whose = Q(registration=registration)
    if registration.person_id:
        whose |= Q(person=registration.person_id)
    found = Attendance.objects.filter(whose, session__in=sessions)
    # The registration's own row comes last and stays.
    return {
        row.session_id: row for row in sorted(found, key=lambda row: row.registration_id == registration.pk)
    }


def _leaders_of(activity_id: int) -> set[int]:
    return set(Leader.objects.filter(activity=activity_id).values_list("person", flat=True))


def _facts_of(registration: Registration, leaders: set[int]) -> dict[str, Any]:
    """What a row takes from a registration."""
    return {
        "registration_id": registration.pk,
        "person_id": registration.person_id,
        "name": registration.name[:200],
        "organisation_id": registration.organisation_id,
        "organisation_typed": registration.organisation_typed,
        "representation": registration.representation,
        "role": registration.role,
        "is_leader": registration.person_id in leaders,
        "sort_key": name_key(registration.given_name, registration.family_name),
    }


def no_longer_expect(registration: Registration, *, by: Actor) -> None:
    """Take a registration off the sheets nobody marked it on. A row that was marked once stays, as absent."""
    _take_off(Attendance.objects.filter(registration=registration), by)


def expect_in_own_group(registration: Registration, *, by: Actor) -> None:
    """After a change of her group: sheets ahead that her group does not come to expect her no longer, its own do.

    What is marked stays, and so does what is over.
    """
    own = Session.objects.filter(activity=registration.activity_id).of_cohort(registration.cohort_id)
    ahead = Attendance.objects.filter(registration=registration, session__ends_at__gt=timezone.now())
    _take_off(ahead.filter(is_walk_in=False).exclude(session__in=own.values("pk")), by)
    if registration.state == RegistrationState.CONFIRMED:
        expect(registration, by=by)


def expect_other_groups(session: Session, *, by: Actor) -> None:
    """After a change of the groups that come to a session: its sheet follows, but for what is marked."""
    places = Registration.objects.filter(activity=session.activity_id, state=RegistrationState.CONFIRMED)
    coming = places.coming_to(session)
    rows = Attendance.objects.filter(session=session)
    others = rows.filter(is_walk_in=False, registration__isnull=False)
    _take_off(others.exclude(registration__in=coming.values("pk")), by)
    there = set(rows.values_list("person", flat=True)) - {None}
    missing = coming.exclude(pk__in=rows.filter(registration__isnull=False).values("registration"))
    leaders = _leaders_of(session.activity_id)
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, **_facts_of(one, leaders))
            for one in missing
            if one.person_id not in there
        ],
        batch_size=500,
    )
    raise_versions([session])


def _take_off(rows: Any, by: Actor) -> None:
    open_rows = rows.filter(mark=Mark.NOT_MARKED, session__state=Session.State.PLANNED)
    with transaction.atomic():
        raise_versions(Session.objects.filter(pk__in=open_rows.values("session")))
        open_rows.filter(marked_at=None).delete()
        for row in open_rows.select_related("session__activity__programme"):
            mark_attendance(row, Mark.ABSENT, by=by)


def expect_everybody(session: Session, *, by: Actor) -> None:
    """Fill the sheet of a new session with everybody who has a place."""
    places = Registration.objects.filter(activity=session.activity_id, state=RegistrationState.CONFIRMED)
    leaders = _leaders_of(session.activity_id)
    coming = places.coming_to(session)
    Attendance.objects.bulk_create(
        [Attendance(session=session, **_facts_of(registration, leaders)) for registration in coming],
        batch_size=500,
    )


# ---------- marks ----------


def mark_attendance(
    attendance: Attendance,
    mark: str,
    *,
    by: Actor,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
    mark_id: uuid.UUID | None = None,
    tapped_at: datetime | None = None,
    reason: str = "",
    seen: str | None = None,
    device: str = "",
    evidence: str = EvidenceKind.FACILITATOR_MARK,
    away_minutes: int = 0,
    stays: Sequence[tuple[datetime, datetime]] = (),
) -> Attendance:
    """Mark a row: here (the whole session), part (from-to), absent, or none (takes the mark back).

    ``mark_id`` makes a tap arrive once however often it is sent. ``tapped_at`` is the device's time: an older tap
    never overwrites a newer one. ``seen`` is what the device showed (``sheet_rules.seen_of``); a different answer
    that was given without seeing the other device's keeps both and marks the row as disputed. ``evidence`` says how
    it is known: a look, a scanned ticket, the person's own word. ``away_minutes`` of a part do not count; ``stays``
    are the times between which she was away, where they are known.
    """
    tap = Tap(mark, evidence=evidence)
    if mark == Mark.PART:
        kept = tuple(
            (start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat()) for start, end in stays
        )
        tap = Tap(mark, came_at, left_at, evidence, away_minutes, kept)
    with transaction.atomic():
        session = locked_session(attendance.session_id)
        row = Attendance.objects.select_for_update().get(pk=attendance.pk)
        row.session = session
        if mark_id and MarkReceived.objects.filter(pk=mark_id).exists():
            return row
        return mark_locked(
            row, tap, by=by, mark_id=mark_id, tapped_at=tapped_at, seen=seen, device=device, reason=reason
        )


def mark_locked(
    row: Attendance, tap: Tap, *, by: Actor, mark_id: uuid.UUID | None = None, tapped_at: datetime | None = None,
    seen: str | None = None, device: str = "", reason: str = "",
) -> Attendance:  # fmt: skip
    """The same for a command that holds the lock of session and row already and knows that the tap is new."""
    session, now = row.session, timezone.now()
    tap = _with_breaks(row, tap)
    if _was_tapped_before_closing(session, tapped_at) and not reason:
        _keep_late_answer(row, tap, tapped_at or now, by, device, mark_id or uuid.uuid4())
        return row
    if refusal := rules.mark_refusal(session, tap.mark, tap.came_at, tap.left_at, reason):
        raise refusal
    ask_guards(session)
    when = min(tapped_at or now, now)
    _take_tap(row, tap, when, by, seen=seen, device=device, mark_id=mark_id or uuid.uuid4(), reason=reason)
    tell_guards(session)
    fault_point("attendance.before_commit")
    return row


def _with_breaks(row: Attendance, tap: Tap) -> Tap:
    """The same from and to again means the same breaks: whoever confirms a row, or decides for an answer, keeps them."""
    if tap.mark != Mark.PART or tap.away_minutes or tap.stays:
        return tap
    if rules.agrees(row, tap.mark, tap.came_at, tap.left_at):
        return replace(tap, away_minutes=row.away_minutes, stays=tuple(row.stays))
    if not row.is_disputed:
        return tap
    answers = row.marks.filter(mark=Mark.PART, came_at=tap.came_at, left_at=tap.left_at)
    kept = answers.order_by("-tapped_at").first()
    return replace(tap, away_minutes=kept.away_minutes, stays=tuple(kept.stays)) if kept else tap


def _take_tap(
    row: Attendance, tap: Tap, when: datetime, by: Actor, *, seen: str | None, device: str,
    mark_id: uuid.UUID, reason: str,
) -> None:  # fmt: skip
    before = state_of(row)
    others = _answered_elsewhere(row, by, device)
    unseen = seen is not None and seen != rules.seen_of(row)
    is_older = row.marked_at is not None and when < row.marked_at
    disputes = others and unseen and not rules.agrees(row, tap.mark, tap.came_at, tap.left_at)
    _keep(row, tap, when, by, device, mark_id)
    row.is_disputed = disputes or (row.is_disputed and (unseen or is_older))
    if not is_older:
        row.evidence = rules.evidence_after(row, tap.mark, tap.evidence)
        row.mark, row.came_at, row.left_at = tap.mark, tap.came_at, tap.left_at
        row.away_minutes, row.stays = tap.away_minutes, [list(stay) for stay in tap.stays]
        row.marked_at, row.marked_by = when, by.person
    row.save(update_fields=[*_MARKED, "marked_at", "marked_by"])
    if state_of(row) != before:
        verb = "correct" if row.session.is_closed else "mark"
        facts = {"before": before, "after": state_of(row)}
        log(
            verb, row, by=by, scope=scope_of(row.session), changed=["mark"], reason=reason,
            undo_with=UNDO_MARK, undo_facts=facts,
        )  # fmt: skip


def _was_tapped_before_closing(session: Session, tapped_at: datetime | None) -> bool:
    return bool(session.is_closed and tapped_at and session.closed_at and tapped_at < session.closed_at)


def _keep_late_answer(
    row: Attendance, tap: Tap, when: datetime, by: Actor, device: str, mark_id: uuid.UUID
) -> None:
    """A phone without network answered while the session ran; the sheet is done meanwhile. It changes no hour:
    the answer is kept, and where it differs the row says so until somebody decides with a reason."""
    _keep(row, tap, when, by, device, mark_id)
    if tap.mark == Mark.NOT_MARKED or rules.agrees(row, tap.mark, tap.came_at, tap.left_at):
        return
    row.is_disputed = True
    row.save(update_fields=["is_disputed"])
    log("keep_late_mark", row, by=by, scope=scope_of(row.session))


def _answered_elsewhere(row: Attendance, by: Actor, device: str) -> bool:
    """Whether the mark that stands came from another person or device."""
    if row.mark == Mark.NOT_MARKED:
        return False
    last = row.marks.order_by("-tapped_at", "-received_at").first()
    return last is None or (last.by_id, last.device) != (by.person.pk if by.person else None, device)


def _keep(row: Attendance, tap: Tap, when: datetime, by: Actor, device: str, mark_id: uuid.UUID) -> None:
    MarkReceived.objects.create(
        id=mark_id, attendance=row, mark=tap.mark, came_at=tap.came_at, left_at=tap.left_at,
        tapped_at=when, by=by.person, device=device[:40], evidence=tap.evidence,
        away_minutes=tap.away_minutes, stays=[list(stay) for stay in tap.stays],
    )  # fmt: skip


def mark_rest(session: Session, mark: str, *, by: Actor) -> int:
    """Mark everybody who is not marked yet as here or as absent; undone as one. Says how many."""
    if mark not in (Mark.HERE, Mark.ABSENT):
        raise ValueError(mark)
    with transaction.atomic():
        session = locked_session(session.pk)
        if refusal := rules.mark_refusal(session, mark, None, None, ""):
            raise refusal
        ask_guards(session)
        rest = Attendance.objects.select_for_update().filter(session=session, mark=Mark.NOT_MARKED)
        rows, now = list(rest.values_list("pk", flat=True)), timezone.now()
        if not rows:
            return 0
        Attendance.objects.filter(pk__in=rows).update(
            mark=mark, marked_at=now, marked_by=by.person, came_at=None, left_at=None, away_minutes=0, stays=[],
            evidence=EvidenceKind.FACILITATOR_MARK,
        )  # fmt: skip
        MarkReceived.objects.bulk_create(
            MarkReceived(id=uuid.uuid4(), attendance_id=pk, mark=mark, tapped_at=now, by=by.person)
            for pk in rows
        )
        facts = {"rows": rows, "mark": mark, "at": now.isoformat()}
        verb = "mark_rest_here" if mark == Mark.HERE else "mark_rest_absent"
        log(verb, session, by=by, scope=scope_of(session), undo_with=UNDO_REST, undo_facts=facts)
        tell_guards(session)
        fault_point("attendance.before_commit")
        return len(rows)


def correct_attendance(
    attendance: Attendance,
    mark: str,
    *,
    by: Actor,
    reason: str,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
) -> Attendance:
    """Change a row after the sheet was closed, with a reason, until the period is sealed."""
    if not reason.strip():
        raise Refusal(
            _("The sheet is done. Write why you correct it."), code="reason_missing", field="reason"
        )
    return mark_attendance(attendance, mark, by=by, came_at=came_at, left_at=left_at, reason=reason.strip())


# ---------- people nobody expected ----------


def add_walk_in(
    session: Session,
    *,
    name: str,
    by: Actor,
    organisation_typed: str = "",
    person: Person | None = None,
    reason: str = "",
    row_key: uuid.UUID | None = None,
) -> Attendance:
    """Somebody who was not on the list: a name is enough. She is marked here at once.

    ``row_key`` is the form's own id: the same form sent twice gives one row.
    """
    name = " ".join(name.split()) or (str(person) if person else "")
    if not name:
        raise Refusal(_("Write the name of who came."), code="name_missing", field="name")
    with transaction.atomic():
        session = locked_session(session.pk)
        if row_key and (sent := MarkReceived.objects.select_related("attendance").filter(pk=row_key).first()):
            return sent.attendance
        if refusal := rules.mark_refusal(session, Mark.HERE, None, None, reason):
            raise refusal
        ask_guards(session)
        _refuse_second_row(session, person)
        row = Attendance.objects.create(
            session=session, person=person, name=name[:200], organisation_typed=organisation_typed.strip()[:300],
            is_walk_in=True, is_leader=_leads(session, person), sort_key=walk_in_key(name, person),
        )  # fmt: skip
        now = timezone.now()
        _take_tap(
            row, Tap(Mark.HERE), now, by, seen=None, device="", mark_id=row_key or uuid.uuid4(), reason=reason
        )
        log("add_walk_in", row, by=by, scope=scope_of(session), changed=["mark"], reason=reason)
        tell_guards(session)
        fault_point("attendance.before_commit")
        return row


def link_walk_in(
    attendance: Attendance,
    person: Person,
    *,
    by: Actor,
    organisation: Organisation | None = None,
    role: str = "",
) -> Attendance:
    """Say who a walk-in was, and on whose behalf she came; staff's word confirms it."""
    with transaction.atomic():
        session = locked_session(attendance.session_id)
        row = Attendance.objects.select_for_update().get(pk=attendance.pk)
        row.session = session
        if row.person_id not in (None, person.pk):
            raise Refusal(_("This row is somebody else's already."), code="linked")
        ask_guards(session)
        if row.person_id is None:
            _refuse_second_row(session, person)
        row.person, row.organisation, row.role = person, organisation, role
        row.representation = Representation.CONFIRMED if organisation else Representation.NONE
        row.is_leader, row.sort_key = _leads(session, person), walk_in_key(row.name, person)
        changed = ["person", "organisation", "role", "representation", "is_leader", "sort_key"]
        row.save(update_fields=changed)
        log("link_walk_in", row, by=by, scope=scope_of(session), changed=changed[:4])
        tell_guards(session)
        return row


def remove_walk_in(attendance: Attendance, *, by: Actor) -> None:
    """Take away a row that was added by mistake, before the sheet is done."""
    with transaction.atomic():
        session = locked_session(attendance.session_id)
        row = Attendance.objects.select_for_update().get(pk=attendance.pk)
        if not row.is_walk_in or row.registration_id or session.is_closed:
            raise Refusal(
                _("Only somebody you added can be taken away, before the sheet is done."), code="no_walk_in"
            )
        ask_guards(session)
        log("remove_walk_in", row, by=by, scope=scope_of(session))
        row.delete()
        tell_guards(session)


def count_heads(session: Session, number: int | None, *, by: Actor, reason: str = "") -> Session:
    """Note how many more were here whom nobody named: shown, never counted as persons."""
    with transaction.atomic():
        session = locked_session(session.pk)
        if refusal := rules.mark_refusal(session, Mark.HERE, None, None, reason):
            raise refusal
        ask_guards(session)
        session.head_count = number
        session.save(update_fields=["head_count"])
        log("count_heads", session, by=by, scope=scope_of(session), changed=["head_count"], reason=reason)
        tell_guards(session)
        return session


def _refuse_second_row(session: Session, person: Person | None) -> None:
    if person and Attendance.objects.filter(session=session, person=person).exists():
        raise Refusal(
            _("%(name)s is on the list already.") % {"name": person}, code="on_the_list", field="name"
        )


def _leads(session: Session, person: Person | None) -> bool:
    return person is not None and Leader.objects.filter(activity=session.activity_id, person=person).exists()


# ---------- closing ----------


def close_session(session: Session, *, by: Actor) -> Session:
    """Done: the sheet is whole, its hours are posted. Refused while a row is not marked or not decided."""
    with transaction.atomic():
        session = locked_session(session.pk)
        if session.is_closed:
            return session
        now = timezone.now()
        if refusal := rules.closing_refusal(session, now):
            raise refusal
        ask_guards(session)
        session.state, session.closed_at, session.closed_by = Session.State.DONE, now, by.person
        session.save(update_fields=["state", "closed_at", "closed_by"])
        log("close", session, by=by, scope=scope_of(session), changed=["state"], undo_with=UNDO_CLOSING)
        tell_guards(session)
        fault_point("closing.before_commit")
        return session


# ---------- undo ----------


def undo_mark(attendance_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Put back what a row said before a mark. Refused when somebody marked it anew since."""
    session = locked_session(Attendance.objects.values_list("session", flat=True).get(pk=attendance_id))
    row = Attendance.objects.select_for_update().get(pk=attendance_id)
    row.session = session
    before = facts["before"]
    if any(state_of(row)[name] != value for name, value in facts["after"].items()):
        raise Refusal(_("Somebody has marked this row since. Look at it as it is now."), code="changed_since")
    if session.is_closed and before["mark"] == Mark.NOT_MARKED:
        raise Refusal(_("The sheet is done. Correct the row instead."), code="done")
    ask_guards(session)
    row.mark, row.is_disputed = before["mark"], before["is_disputed"]
    row.came_at, row.left_at = moment_of(before["came_at"]), moment_of(before["left_at"])
    row.evidence = before.get("evidence", row.evidence)
    row.away_minutes, row.stays = before.get("away_minutes", 0), before.get("stays", [])
    # The undo is the newest word: a late tap from before it must not come back.
    row.marked_at, row.marked_by = timezone.now(), by.person
    row.save(update_fields=[*_MARKED, "marked_at", "marked_by"])
    log("undo_mark", row, by=by, scope=scope_of(session), changed=["mark"])
    tell_guards(session)


def undo_rest(session_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Take back a rest-button: its rows are not marked again, but for those somebody marked since."""
    session = locked_session(session_id)
    if session.is_closed:
        raise Refusal(_("The sheet is done. Correct the rows instead."), code="done")
    ask_guards(session)
    rows = Attendance.objects.filter(
        session=session, pk__in=facts["rows"], mark=facts["mark"], marked_at=moment_of(facts["at"])
    )
    rows.update(mark=Mark.NOT_MARKED, marked_at=timezone.now(), marked_by=by.person, is_disputed=False)
    log("undo_rest", session, by=by, scope=scope_of(session))
    tell_guards(session)


def undo_closing(session_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Open a sheet again; its hours are taken back."""
    session = locked_session(session_id)
    if not session.is_closed:
        raise Refusal(_("The sheet is open already."), code="open")
    ask_guards(session)
    session.state, session.closed_at, session.closed_by = Session.State.PLANNED, None, None
    session.save(update_fields=["state", "closed_at", "closed_by"])
    log("undo_closing", session, by=by, scope=scope_of(session), changed=["state"])
    tell_guards(session)
