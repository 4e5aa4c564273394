"""Attestation: a person answers and signs own hours, an employer countersigns, disputes are settled.

Nobody signs for another. Staff print the paper and file what came back signed; that stands in filing.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.directory.models import Organisation
from samverk.kit import codes
from samverk.kit.acting import Actor, Refusal
from samverk.ledger.commands.asking import ask_again, send_copy
from samverk.ledger.commands.staleness import mark_stale
from samverk.ledger.commands.voiding import STAMP, live_attestations, void
from samverk.ledger.models import Attestation, Evidence, HourEntry, Statement, StatementAnswer
from samverk.ledger.queries import employer_lines, open_disputes, statement_lines
from samverk.ledger.rules import countersigning_refusal, signing_refusal
from samverk.ledger.texts import employer_text, statement_text
from samverk.people.models import Person
from samverk.programmes.permissions import has_seat
from samverk.trail.commands import log

Role, Method, State = Attestation.Role, Attestation.Method, Statement.State


@dataclass(frozen=True)
class Answer:
    """Right, or wrong because."""

    is_right: bool
    because: str = ""


def answer_statement(statement: Statement, answers: Mapping[int, Answer], *, by: Actor) -> Statement:
    """Keep right or wrong-because for each line (by the line's number). Signs nothing."""
    if refusal := signing_refusal(statement, by):
        raise refusal
    with transaction.atomic():
        statement = locked(statement)
        lines = {line.pk: line for line in statement_lines(statement)}
        for key, answer in answers.items():
            if key not in lines:
                raise _changed_since()
            if not answer.is_right and not answer.because.strip():
                raise Refusal(
                    _("Write what is wrong, for example: I left at 11."), code="because", field=str(key)
                )
            StatementAnswer.objects.update_or_create(
                statement=statement,
                entry=lines[key],
                defaults={
                    "is_right": answer.is_right,
                    "because": "" if answer.is_right else answer.because.strip()[:500],
                    "at": timezone.now(),
                    "settled_at": None,
                    "settled_by": None,
                    "settled_because": "",
                },
            )
        log("answer", statement, by=by, scope=_scope(statement))
        return statement


def to_sign(statement: Statement) -> list[HourEntry]:
    """Lines the person called right, in order. Raises Refusal while a line has no answer."""
    lines = statement_lines(statement)
    answers = dict(statement.answers.values_list("entry", "is_right"))
    if missing := [line for line in lines if line.pk not in answers]:
        raise Refusal(
            _("Answer right or wrong for each meeting first."), code="unanswered", field=str(missing[0].pk)
        )
    return [line for line in lines if answers[line.pk]]


def sign_statement(
    statement: Statement, *, by: Actor, text_digest: str, language: str, method: str = Method.LINK
) -> Attestation | None:
    """Sign the lines called right, under exactly the text that was shown (its hash comes back with the button).

    Lines called wrong are disputed and signed by nobody. Returns None where nothing was right.
    """
    if refusal := signing_refusal(statement, by):
        raise refusal
    with transaction.atomic():
        statement = locked(statement)
        lines = to_sign(statement)
        text = statement_text(statement, lines, language)
        if codes.digest(text) != text_digest:
            raise _changed_since()
        signature = None
        if lines:
            signature = attest(
                statement, lines, Role.PERSON, method, text, language, by=by, signed_by=by.person
            )
            send_copy(statement, signature.pk)
        set_state(statement)
        return signature


def countersign(
    organisation: Organisation,
    lines: Sequence[HourEntry],
    *,
    by: Actor,
    digests: Mapping[int, str],
    language: str,
) -> list[Attestation]:
    """The employer's signature under these persons' lines of one month: one attestation for each person.

    Only lines that their person has confirmed, never own hours, only under a mandate of today. ``digests`` holds, by
    the number of each person's statement, the hash of the text that was shown.
    """
    if refusal := countersigning_refusal(organisation, lines, by):
        raise refusal
    if not lines:
        raise Refusal(_("Choose at least one person."), code="nothing_chosen")
    with transaction.atomic():
        chosen = {line.pk for line in lines}
        month = employer_lines(organisation, lines[0].month)
        ready = [line for line in month if line.pk in chosen and line.confirmed_at]
        if {line.pk for line in ready} != chosen:
            raise _changed_since()
        texts = employer_texts(organisation, ready, language)
        if any(codes.digest(text) != digests.get(statement.pk) for statement, _own, text in texts):
            raise _changed_since()
        return [
            attest(
                locked(statement), own, Role.EMPLOYER, Method.CODE, text, language,
                by=by, signed_by=by.person, organisation=organisation,
            )
            for statement, own, text in texts
        ]  # fmt: skip


def employer_texts(
    organisation: Organisation, lines: Sequence[HourEntry], language: str
) -> list[tuple[Statement, list[HourEntry], str]]:
    """For each person with lines in the list: her statement, her lines, the text the employer signs."""
    months: set[date] = {line.month for line in lines}
    statements = Statement.objects.filter(month__in=months, person__in={line.person_id for line in lines})
    texts = []
    for statement in statements.select_related("person").order_by("person__sort_key", "pk"):
        own = [
            line for line in lines if (line.person_id, line.month) == (statement.person_id, statement.month)
        ]
        if own:
            texts.append((statement, own, employer_text(organisation, statement, own, language)))
    return texts


def stand_by_line(answer: StatementAnswer, because: str, *, by: Actor) -> StatementAnswer:
    """A coordinator looked at a line somebody called wrong and says why it is right; the person is asked again."""
    if not because.strip():
        raise Refusal(_("Write why the line is right. The person reads it."), code="because", field="because")
    if not has_seat(by.person, answer.entry.programme, ["coordinator"]):
        raise Refusal(_("Only a coordinator of the programme can settle this."), code="not_coordinator")
    if by.person.pk == answer.statement.person_id:
        raise Refusal(_("Somebody else must settle what you call wrong yourself."), code="own_hours")
    with transaction.atomic():
        answer = (
            StatementAnswer.objects.select_for_update(of=("self",))
            .select_related("statement__person")
            .get(pk=answer.pk)
        )
        if answer.is_right or answer.settled_at or not answer.entry.is_live:
            raise Refusal(_("This is settled already."), code="settled")
        answer.settled_at, answer.settled_by, answer.settled_because = (
            timezone.now(),
            by.person,
            because.strip()[:500],
        )
        answer.save(update_fields=["settled_at", "settled_by", "settled_because"])
        log(
            "stand_by_line", answer.statement, by=by, scope=answer.entry.programme.scope, reason=because[:300]
        )
        set_state(answer.statement)
        ask_again([(answer.statement, answer.settled_because, answer.pk + 1_000_000_000)])
        return answer


# ---------- parts of the above, and of filing ----------


def attest(
    statement: Statement, lines: Sequence[HourEntry], role: str, method: str, text: str, language: str, *,
    by: Actor, signed_by: Person | None, organisation: Organisation | None = None, evidence: Evidence | None = None,
) -> Attestation:  # fmt: skip
    """Write a signature. An earlier live one over any of these lines is replaced by it."""
    for earlier in live_attestations(statement, lines, role):
        if earlier.organisation_id == (organisation.pk if organisation else None):
            void(earlier, _("Signed again."), by=by)
    signature = Attestation.objects.create(
        statement=statement,
        role=role,
        organisation=organisation,
        signed_by=signed_by,
        method=method,
        text=text,
        text_digest=codes.digest(text),
        language=language,
        entries={str(line.pk): line.minutes for line in lines},
        evidence=evidence,
    )
    keys = [line.pk for line in lines]
    HourEntry.objects.filter(pk__in=keys).update(**{STAMP[Role(role)]: signature.signed_at})
    mark_stale({(statement.person_id, statement.month)}, {line.programme_id for line in lines})
    log("attest", signature, by=by, scope=_scope(statement), changed=["entries"])
    return signature


def set_state(statement: Statement) -> None:
    """Signed when every line is; disputed when something is called wrong; else it waits."""
    lines = statement_lines(statement)
    if open_disputes(statement).exists():
        state = State.DISPUTED
    elif lines and all(line.confirmed_at for line in lines):
        state = State.SIGNED
    else:
        state = State.OPEN
    Statement.objects.filter(pk=statement.pk).update(state=state)
    statement.state = state


def locked(statement: Statement) -> Statement:
    return Statement.objects.select_for_update(of=("self",)).select_related("person").get(pk=statement.pk)


def _changed_since() -> Refusal:
    return Refusal(
        _("The hours changed since you opened the page. Look at them again."), code="changed_since"
    )


def _scope(statement: Statement) -> str:
    return f"person:{statement.person.code}"
