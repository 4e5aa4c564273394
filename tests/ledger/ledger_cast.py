"""What the tests of the ledger start from: sheets that are taken and closed in March of last year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from samverk.activities.choices import Audience, EvidenceKind, Mark, Representation
from samverk.activities.commands.attendance import close_session
from samverk.activities.models import Activity, Attendance, Session
from samverk.directory.commands import add_affiliation, create_organisation
from samverk.kit.acting import THE_SHELL, Actor
from samverk.kit.codes import digest
from samverk.ledger.commands.asking import make_statements
from samverk.ledger.commands.attesting import (
    Answer,
    answer_statement,
    countersign,
    employer_texts,
    sign_statement,
    to_sign,
)
from samverk.ledger.models import HourEntry, Statement
from samverk.ledger.queries import employer_lines, statement_lines
from samverk.ledger.texts import statement_text
from samverk.programmes.commands import add_funding_line, create_programme
from samverk.programmes.models import FundingLine, Programme, RuleSet

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MARCH = date(2026, 3, 1)
RULES: dict[str, Any] = {
    "code": "TEST", "version": "1", "currency": "SEK", "valid_from": "2020-01-01", "valid_to": None, "hour_minutes": 60,
    "rounding": {"unit": "hour", "mode": "down", "per": "person_month"},
    "rates": [{"category": "default", "per_hour": "300.00", "valid_from": "2020-01-01", "valid_to": None}],
    "amount_rounding": {"unit": "0.01", "mode": "half_up"}, "eligible_employment": None, "excluded": [],
    "minimum_evidence": "facilitator_mark", "attestation": "none", "minimum_minutes": 0, "minimum_group": 1,
    "minimum_share": None, "caps": [],
}  # fmt: skip


def at(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=STOCKHOLM)


def rule_set(code: str = "TEST", **changes: Any) -> RuleSet:
    """Rules that count everything at 300 an hour, but for what is changed."""
    document = RULES | {"code": code} | changes
    return RuleSet.objects.create(
        code=code, version="1", name=code, document=document, valid_from=date(2020, 1, 1)
    )


def programme_with_line(code: str, **rules: Any) -> tuple[Programme, FundingLine]:
    programme = create_programme(
        code,
        name=code,
        starts=date(2025, 1, 1),
        ends=date(2027, 12, 31),
        language="sv",
        country="SE",
        by=THE_SHELL,
    )
    line = add_funding_line(
        programme, f"{code}-line", f"{code} fund", rule_set=rule_set(f"R-{code}", **rules), by=THE_SHELL
    )
    return programme, line


def employer(name: str, *people: Any) -> Any:
    organisation = create_organisation(name, by=THE_SHELL, sector="association", country="SE")
    for person in people:
        add_affiliation(
            person, organisation, "employee", by=THE_SHELL, confirmed=True, starts=date(2020, 1, 1)
        )
    return organisation


def course(programme: Programme, title: str = "First aid") -> Activity:
    return Activity.objects.create(
        programme=programme, title=title, language="en", state="published", audience=Audience.PRIVATE
    )


def meeting(activity: Activity, starts: datetime, minutes: int, **fields: Any) -> Session:
    """A planned session with an empty sheet."""
    return Session.objects.create(
        activity=activity,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        planned_minutes=minutes,
        **fields,
    )


def was_here(session: Session, person: Any, organisation: Any = None, **fields: Any) -> Attendance:
    """A row marked here, on behalf of an organisation as its employee."""
    facts = {"mark": Mark.HERE, "name": str(person), "role": "employee" if organisation else ""}
    if organisation:
        facts |= {"organisation": organisation, "representation": Representation.CONFIRMED}
    return Attendance.objects.create(session=session, person=person, **(facts | fields))


def held(
    activity: Activity, starts: datetime, minutes: int, people: Iterable[tuple[Any, Any]], **fields: Any
) -> Session:
    """A session that took place, with a signed list, closed through the command."""
    session = meeting(activity, starts, minutes, **({"evidence": EvidenceKind.SIGNED_LIST} | fields))
    for person, organisation in people:
        was_here(session, person, organisation)
    return close_session(session, by=THE_SHELL)


def sign_all(month: date = MARCH) -> None:
    """Everybody with hours says right and signs by link."""
    make_statements(month)
    for statement in Statement.objects.filter(month=month).select_related("person"):
        sign(statement)


def sign(statement: Statement, wrong: dict[int, str] | None = None) -> Any:
    herself = Actor(person=statement.person, through="link")
    wrong = wrong or {}
    answers = {
        line.pk: Answer(line.pk not in wrong, wrong.get(line.pk, "")) for line in statement_lines(statement)
    }
    answer_statement(statement, answers, by=herself)
    text = statement_text(statement, to_sign(statement), "en")
    return sign_statement(statement, by=herself, text_digest=digest(text), language="en")


def countersign_all(organisation: Any, by: Any, month: date = MARCH) -> list[Any]:
    lines = [
        line for line in employer_lines(organisation, month) if line.confirmed_at and line.person_id != by.pk
    ]
    texts = employer_texts(organisation, lines, "en")
    return countersign(organisation, lines, by=Actor(person=by), digests=shown(texts), language="en")


def shown(texts: list[Any]) -> dict[int, str]:
    """The hashes that come back from the page where the employer read these texts."""
    return {statement.pk: digest(text) for statement, _lines, text in texts}


def live() -> list[HourEntry]:
    return list(HourEntry.objects.live().order_by("id"))
