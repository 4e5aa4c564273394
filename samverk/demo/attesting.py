"""Confirms most of the demo's hours: by the persons and, where the rules ask, by their employers.

The rows are those the commands write, made a month at a time: a thousand signatures by hand would take minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from samverk.demo.history import Story
from samverk.directory.choices import MandateScope
from samverk.directory.models import Mandate
from samverk.kit.codes import digest
from samverk.ledger.commands.judging import judge_all
from samverk.ledger.models import Attestation, HourEntry, Statement
from samverk.ledger.months import last_of
from samverk.ledger.texts import employer_text, statement_text
from samverk.people.models import Person
from samverk.programmes.models import Programme

# Of a hundred statements so many are confirmed by the person, and of these so many by the employer.
CONFIRMED, COUNTERSIGNED = 93, 90


def attest_history(story: Story, programmes: Sequence[Programme]) -> None:
    """Most statements of a story's programme are signed; then every programme is judged."""
    _sign(story)
    for programme in programmes:
        judge_all(programme, programme.starts, programme.ends)


def _sign(story: Story) -> None:
    statements: dict[tuple[int, object], list[HourEntry]] = defaultdict(list)
    entries = HourEntry.objects.live().filter(programme=story.programme).order_by("starts_at", "id")
    for entry in entries.select_related("activity", "organisation", "programme", "session"):
        statements[entry.person_id, entry.month].append(entry)
    people = Person.objects.in_bulk({person for person, _month in statements})
    made = Statement.objects.bulk_create(
        Statement(person=people[person], month=month, asked_at=_day(story, month, 2))
        for person, month in statements
    )
    employers = _employers()
    signatures: list[Attestation] = []
    for statement, lines in zip(made, statements.values(), strict=True):
        if story.chance.randrange(100) >= CONFIRMED:
            continue
        statement.state = Statement.State.SIGNED
        text = statement_text(statement, lines, statement.person.language)
        signatures.append(_signature(story, statement, "person", lines, text, statement.person_id, 3))
        for organisation, own in _by_employer(lines).items():
            employer = employers.get(organisation.pk)
            if (
                employer is None
                or employer == statement.person_id
                or story.chance.randrange(100) >= COUNTERSIGNED
            ):
                continue
            text = employer_text(organisation, statement, own, statement.person.language)
            signature = _signature(story, statement, "employer", own, text, employer, 6)
            signature.organisation = organisation
            signatures.append(signature)
    Statement.objects.bulk_update(made, ["state"], batch_size=500)
    Attestation.objects.bulk_create(signatures, batch_size=500)
    for signature in signatures:
        field = "confirmed_at" if signature.role == "person" else "countersigned_at"
        HourEntry.objects.filter(pk__in=signature.entries).update(**{field: signature.signed_at})


def _signature(
    story: Story,
    statement: Statement,
    role: str,
    lines: Sequence[HourEntry],
    text: str,
    signer: int,
    days: int,
) -> Attestation:
    return Attestation(
        statement=statement,
        role=role,
        signed_by_id=signer,
        method="link" if role == "person" else "code",
        text=text,
        text_digest=digest(text),
        language=statement.person.language,
        entries={str(line.pk): line.minutes for line in lines},
        signed_at=_day(story, statement.month, days),
    )


def _by_employer(lines: Sequence[HourEntry]) -> dict:
    """Lines of paid time by the organisation that pays."""
    found = defaultdict(list)
    for line in lines:
        if line.organisation is not None and line.employment == "employee":
            found[line.organisation].append(line)
    return found


def _employers() -> dict[int, int]:
    """Who confirms hours for each organisation."""
    return {
        mandate.organisation_id: mandate.person_id
        for mandate in Mandate.objects.order_by("-id")
        if mandate.allows(MandateScope.CONFIRM_HOURS)
    }


def _day(story: Story, month, days: int) -> datetime:
    """Some days into the month after."""
    return datetime.combine(
        last_of(month) + timedelta(days=days), time(9, 30), tzinfo=ZoneInfo(story.programme.time_zone)
    )
