"""Filing proofs: signed attendance lists, and hour statements that came back signed on paper.

Filing is done in the coordinator's own name. It never signs for anybody: the hand on the paper did.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from samverk.activities.choices import EvidenceKind
from samverk.activities.models import Session
from samverk.kit import uploads
from samverk.kit.acting import SHELL, Actor, Refusal
from samverk.kit.registers import attendance_guards
from samverk.ledger.commands.attesting import attest, locked, set_state
from samverk.ledger.models import Attestation, Evidence, HourEntry, Statement
from samverk.ledger.permissions import may_file_evidence
from samverk.ledger.queries import statement_lines
from samverk.ledger.texts import employer_text, statement_text
from samverk.programmes.models import Programme
from samverk.trail.commands import log


def file_session_list(
    session: Session, file: BinaryIO, name: str, *, by: Actor, original_kept: bool
) -> Evidence:
    """File the signed attendance list of a session: it is proof for everybody on the sheet.

    A scan alone is a scanned list; where the paper with ink is kept, a signed list.
    """
    programme = session.activity.programme
    _refuse_others(programme, by)
    accepted = uploads.accept(file, name)
    strength = EvidenceKind.SIGNED_LIST if original_kept else EvidenceKind.SCANNED_LIST
    with transaction.atomic():
        session = (
            Session.objects.select_for_update(of=("self",))
            .select_related("activity__programme")
            .get(pk=session.pk)
        )
        for _name, guard in attendance_guards:
            guard.may_change(session)
        evidence = _file(accepted, Evidence.Kind.ATTENDANCE_LIST, programme, by, session=session)
        ranks = EvidenceKind.values
        if ranks.index(session.evidence) < ranks.index(strength):
            session.evidence = strength
            session.save(update_fields=["evidence"])
        for _name, guard in attendance_guards:
            guard.changed(session)
        log("file_list", session, by=by, scope=programme.scope, changed=["evidence"])
        return evidence


def file_copy(session: Session, accepted: uploads.Accepted, kind: str, *, by: Actor) -> Evidence:
    """File a copy that proves some rows of a session's sheet: a scanned page, a log-in list.

    It raises no row's proof by itself; whoever marks a row from it says so. Inside a transaction that holds the
    session's lock. Raises Refusal for others than coordinators and in a sealed period.
    """
    programme = session.activity.programme
    _refuse_others(programme, by)
    for _name, guard in attendance_guards:
        guard.may_change(session)
    return _file(accepted, kind, programme, by, session=session)


def withdraw_copy(evidence: Evidence, *, reason: str, by: Actor) -> None:
    """Take a copy out that was filed at a wrong session: its file goes, the trail keeps that it was there.

    Inside a transaction. Raises Refusal for others than coordinators and in a sealed period; never for signed lists.
    """
    session = evidence.session
    if session is None or evidence.kind != Evidence.Kind.SCAN:
        raise Refusal(_("Only a scanned page can be taken out."), code="no_copy")
    _refuse_others(session.activity.programme, by)
    for _name, guard in attendance_guards:
        guard.may_change(session)
    log("withdraw_evidence", evidence, by=by, scope=session.activity.programme.scope, reason=reason)
    storage, name = evidence.file.storage, evidence.file.name or ""
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(name))


def file_paper_statement(
    statement: Statement,
    file: BinaryIO,
    name: str,
    *,
    by: Actor,
    lines: Collection[int] | None = None,
    employer_signed: bool = False,
) -> Attestation:
    """File a statement that came back signed on paper, for the lines that stand on it and are not crossed out.

    ``lines`` are their numbers; without them, all lines in programmes that the coordinator coordinates.
    ``employer_signed``: the employer signed the same paper. The paper becomes evidence, filed by the coordinator.
    """
    covered = _lines_on_paper(statement, by, lines)
    accepted = uploads.accept(file, name)
    with transaction.atomic():
        statement = locked(statement)
        language = statement.person.language
        programmes = {line.programme_id: line.programme for line in covered}
        proofs = [
            _file(accepted, Evidence.Kind.STATEMENT, programme, by, statement=statement)
            for programme in programmes.values()
        ]
        text = statement_text(statement, covered, language)
        role, paper = Attestation.Role, Attestation.Method.PAPER
        signature = attest(
            statement, covered, role.PERSON, paper, text, language, by=by, signed_by=None, evidence=proofs[0]
        )
        if employer_signed:
            _attest_employers(statement, covered, by, proofs[0])
        set_state(statement)
        for programme in programmes.values():
            log("file_paper", statement, by=by, scope=programme.scope)
        return signature


def _lines_on_paper(statement: Statement, by: Actor, lines: Collection[int] | None) -> list[HourEntry]:
    mine = [line for line in statement_lines(statement) if may_file_evidence(by.person, line.programme)]
    if not mine:
        raise Refusal(_("Only a coordinator of the programme can file this paper."), code="not_coordinator")
    covered = [line for line in mine if lines is None or line.pk in lines]
    if lines is not None and len(covered) != len(set(lines)):
        raise Refusal(
            _("The hours changed since you opened the page. Look at them again."), code="changed_since"
        )
    if not covered:
        raise Refusal(_("Choose the lines that stand on the paper."), code="nothing_chosen", field="lines")
    return covered


def _attest_employers(statement: Statement, covered: Sequence[HourEntry], by: Actor, proof: Evidence) -> None:
    organisations = {line.organisation_id: line.organisation for line in covered if line.organisation}
    for key, organisation in organisations.items():
        own = [line for line in covered if line.organisation_id == key]
        text = employer_text(organisation, statement, own, statement.person.language)
        attest(
            statement, own, Attestation.Role.EMPLOYER, Attestation.Method.PAPER, text, statement.person.language,
            by=by, signed_by=None, organisation=organisation, evidence=proof,
        )  # fmt: skip


def _file(
    accepted: uploads.Accepted, kind: str, programme: Programme, by: Actor, *,
    session: Session | None = None, statement: Statement | None = None,
) -> Evidence:  # fmt: skip
    evidence = Evidence(
        kind=kind,
        file_name=accepted.name,
        media_type=accepted.media_type,
        digest=accepted.digest,
        programme=programme,
        session=session,
        statement=statement,
        filed_by=by.person,
    )
    evidence.file.save(accepted.random_name, ContentFile(accepted.content), save=True)
    log("file_evidence", evidence, by=by, scope=programme.scope, changed=["file"])
    return evidence


def _refuse_others(programme: Programme, by: Actor) -> None:
    """Whoever sits at the machine's own command line has it all in hand anyway."""
    if by.through != SHELL and not may_file_evidence(by.person, programme):
        raise Refusal(_("Only a coordinator of the programme can file proofs."), code="not_coordinator")
