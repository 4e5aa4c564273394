"""Taking in a log-in list: read and asked first, then written through the commands of attendance, taken back as one."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.activities.choices import EvidenceKind
from samverk.activities.commands.attendance import add_walk_in, mark_attendance, remove_walk_in, undo_mark
from samverk.activities.commands.sheets import locked_session, scope_of, state_of
from samverk.activities.models import Attendance, Session
from samverk.kit import uploads
from samverk.kit.acting import SHELL, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.ledger.commands.filing import file_copy
from samverk.ledger.models import Evidence
from samverk.ledger.permissions import may_file_evidence
from samverk.remote.log_files import MOST_BYTES, read_log
from samverk.remote.models import RemoteLog
from samverk.remote.planning import (
    CLOCKS,
    KEEP,
    ROW,
    SKIP,
    WALK_IN,
    LogPerson,
    Plan,
    RowPlan,
    content_of,
    likely_clock,
    plan_of,
)
from samverk.trail.commands import log as write_log_entry

UNDO_MARKS = "remote.marks"
KEPT = timedelta(days=7)


def take_log(session: Session, file: BinaryIO, name: str, *, by: Actor) -> RemoteLog:
    """Read a list and keep it with its questions. Nothing is on the sheet yet. The same file again is the same list.

    Raises Refusal (field `file`) for what is no list, one without times, or too large; for others than coordinators.
    """
    if by.through != SHELL and not may_file_evidence(by.person, session.activity.programme):
        raise Refusal(_("Only a coordinator of the programme can file proofs."), code="not_coordinator")
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise uploads.too_large(MOST_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    if known := RemoteLog.objects.filter(session=session, digest=digest).first():
        return known
    read = read_log(content, session.starts_local.date())
    shown = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())
    log = RemoteLog(
        session=session, kind=read.kind, file_name=shown[-120:] or "list.csv", digest=digest,
        time_zone=likely_clock(read, session), sent_by=by.person,
    )  # fmt: skip
    log.file.save(uploads.random_name(".csv"), ContentFile(content), save=False)
    try:
        with transaction.atomic():
            log.save()
            write_log_entry("take_log", log, by=by, scope=scope_of(session))
    except IntegrityError:
        log.file.delete(save=False)
        return RemoteLog.objects.get(session=session, digest=digest)
    return log


def answer_log(log: RemoteLog, answers: Mapping[str, str], *, by: Actor, clock: str = "") -> RemoteLog:
    """Keep who is who: "row:17", "walk_in", "skip", "keep" (the sheet is right), or nothing to ask again; and in which zone the times are written."""
    with transaction.atomic():
        log = _locked(log)
        if log.state != RemoteLog.State.ASKED:
            raise Refusal(_("This list is written already. Take it back first."), code="written")
        if clock and clock not in (log.session.time_zone, *CLOCKS):
            raise Refusal(_("This clock is not known."), code="clock", field="clock")
        rows = set(Attendance.objects.filter(session=log.session_id).values_list("pk", flat=True))
        kept = {f"{ROW}{pk}" for pk in rows} | {WALK_IN, SKIP, KEEP, ""}
        if any(answer not in kept for answer in answers.values()):
            raise Refusal(
                _("The sheet changed since you opened the page. Look at it again."), code="changed_since"
            )
        log.answers = {key: value for key, value in {**log.answers, **answers}.items() if value}
        log.time_zone = clock or log.time_zone
        log.save(update_fields=["answers", "time_zone"])
        return log


def write_log(log: RemoteLog, *, by: Actor, reason: str = "", leaves_open: bool = False) -> int:
    """Write onto the sheet what the list says, all or nothing, and file the list as proof. Says how many rows changed.

    A list that is written already changes nothing. Refused while somebody on the list is not answered for; with ``leaves_open`` those are passed over.
    """
    with transaction.atomic():
        session = locked_session(log.session_id)
        log = _locked(log)
        if log.state == RemoteLog.State.WRITTEN:
            return 0
        log.session = session
        content = content_of(log)
        plan = plan_of(log, content)
        if plan.open and not leaves_open:
            number = len(plan.open)
            said = ngettext(
                "%(n)s person on the list is not answered for.",
                "%(n)s people on the list are not answered for.",
                number,
            )
            raise Refusal(said % {"n": number}, code="open_answers")
        if not plan.changes:
            return 0
        rows, walk_ins = _marked(plan, log, session, by, reason), _added(plan, log, session, by, reason)
        if log.evidence is None:
            log.evidence = file_copy(session, _copy_of(log, content), Evidence.Kind.REMOTE_LOG, by=by)
        new = {str(row.row): row.said for row in plan.rows if not row.why_not}
        log.written = log.written | new | {person.key: one.said for person, one in plan.walk_ins}
        # Somebody who was passed over can still be answered for.
        log.state = RemoteLog.State.ASKED if plan.open else RemoteLog.State.WRITTEN
        log.written_at = timezone.now()
        log.save(update_fields=["evidence", "written", "state", "written_at"])
        write_log_entry(
            "write_log", log, by=by, scope=scope_of(session), changed=["state"], reason=reason.strip(),
            undo_with=UNDO_MARKS, undo_facts={"rows": rows, "walk_ins": walk_ins},
        )  # fmt: skip
        fault_point("remote.before_commit")
        return len(rows) + len(walk_ins)


def _marked(plan: Plan, log: RemoteLog, session: Session, by: Actor, reason: str) -> list[dict[str, Any]]:
    wanted = [row for row in plan.rows if not row.why_not]
    rows = Attendance.objects.filter(session=session).in_bulk([row.row for row in wanted])
    changes = []
    for one in wanted:
        before = state_of(rows[one.row])
        after = _mark(rows[one.row], one, log, by, reason)
        changes.append({"row": one.row, "before": before, "after": state_of(after)})
    return changes


def _mark(row: Attendance, plan: RowPlan, log: RemoteLog, by: Actor, reason: str) -> Attendance:
    return mark_attendance(
        row, plan.mark, by=by, came_at=plan.came_at, left_at=plan.left_at, away_minutes=plan.away_minutes,
        stays=plan.stays, evidence=EvidenceKind.LOGIN_LOG, device=f"log {log.code}", reason=reason.strip(),
    )  # fmt: skip


def _added(plan: Plan, log: RemoteLog, session: Session, by: Actor, reason: str) -> dict[str, int]:
    """Those who came without a place; each once, however often the list is written."""
    made = {}
    for person, one in plan.walk_ins:
        row = add_walk_in(session, name=person.name, by=by, reason=reason, row_key=_key(log, person))
        _mark(row, one, log, by, reason)
        made[person.key] = row.pk
    return made


def _key(log: RemoteLog, person: LogPerson) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{log.session_id}:{person.key}:walk-in")


def undo_marks(log_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Put the rows back as they were and take off who was added; refused as a whole when one was marked anew since."""
    log = RemoteLog.objects.select_for_update().get(pk=log_id)
    for one in facts["rows"]:
        undo_mark(one["row"], {"before": one["before"], "after": one["after"]}, by)
    for row in Attendance.objects.filter(pk__in=facts["walk_ins"].values()):
        remove_walk_in(row, by=by)
    undone = {str(one["row"]) for one in facts["rows"]} | set(facts["walk_ins"])
    log.written = {row: said for row, said in log.written.items() if row not in undone}
    log.state, log.written_at = RemoteLog.State.ASKED, None
    log.save(update_fields=["written", "state", "written_at"])


def forget_lists() -> int:
    """Lists nobody wrote within a week go, with the names on them. A duty of the worker."""
    old = RemoteLog.objects.filter(
        state=RemoteLog.State.ASKED, evidence=None, sent_at__lt=timezone.now() - KEPT
    )
    found = list(old)
    for log in found:
        log.file.delete(save=False)
        log.delete()
    return len(found)


def _locked(log: RemoteLog) -> RemoteLog:
    rows = RemoteLog.objects.select_for_update(of=("self",)).select_related("session__activity__programme")
    return rows.get(pk=log.pk)


def _copy_of(log: RemoteLog, content: bytes) -> uploads.Accepted:
    return uploads.Accepted(content, "text/csv", ".csv", log.file_name, log.digest)
