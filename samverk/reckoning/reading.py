"""Reading inputs from a JSON document, strictly: the first thing that is wrong is named by its path.

Nothing is guessed and nothing is converted: a file that two people could read in two ways is refused. Structure and
values come first, in the order of the document; rules between fields after that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .exact import AsWritten
from .inputs import (
    AMOUNT_MODES,
    ATTESTATION,
    CAP_SCOPES,
    EVIDENCE,
    ROUNDING_MODES,
    ROUNDING_SCOPES,
    ROUNDING_UNITS,
    AmountRounding,
    Cap,
    EarlierClaim,
    Inputs,
    Period,
    Presence,
    Rate,
    Rounding,
    RuleSet,
    last_day,
)

LARGEST = 1_000_000
LONGEST_STAY = 10_080  # a week

DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,10})?")
DATE = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(DATE.pattern + r"T[0-9]{2}:[0-9]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")


class Malformed(ValueError):
    """A document that cannot be read. `path` names the field (`presences[0].minutes`), `message` says what it must be."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class NotWhole:
    """A JSON number that is no small whole number: 150.0, 1e3, or far too long to be a count."""


class Twice(dict[str, Any]):
    """An object in which a field was given twice; plain JSON readers would silently keep the last."""

    repeated: str


def load(text: str | bytes) -> Any:
    """JSON text as a document for `parse`; keeps what Python's reader would lose. Raises `Malformed` at `file`."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=lambda digits: int(digits) if len(digits) < 12 else NotWhole(),
            parse_float=lambda digits: NotWhole(),
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError:
        raise Malformed("file", "must be UTF-8 text") from None
    except RecursionError:
        raise Malformed("file", "is nested too deeply") from None
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Malformed("file", f"must be JSON{place}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    seen: set[str] = set()
    twice = Twice(fields)
    twice.repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return twice


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def parse(document: Any) -> Inputs:
    """The inputs of a decision from a document (`load` makes one from text). Raises `Malformed`."""
    fields = _fields(document, "", ("rule_set", "funding_line", "presences", "already_claimed", "period"))
    inputs = Inputs(
        rule_set=parse_rule_set(fields["rule_set"]),
        funding_line=_text(fields["funding_line"], "funding_line"),
        presences=_each(_presence)(fields["presences"], "presences"),
        already_claimed=_each(_claim)(fields["already_claimed"], "already_claimed"),
        period=_period(fields["period"], "period"),
    )
    _check_presences(inputs.presences)
    return inputs


def parse_rule_set(document: Any, path: str = "rule_set") -> RuleSet:
    """One rule set from its fields, as in a file's `rule_set`. Raises `Malformed`."""
    rule_set = RuleSet(**_read(document, path, RULE_SET))
    _check_rule_set(rule_set, path)
    return rule_set


# -- single values --------------------------------------------------------------------------------------------------


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise Malformed(path, "must be text that is not empty")
    return value


def _matching(pattern: re.Pattern[str], value: Any, path: str, message: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed(path, message)
    return value


def _whole(low: int, high: int = LARGEST) -> Callable[[Any, str], int]:
    def read(value: Any, path: str) -> int:
        if type(value) is not int:  # a bool is an int to Python, not to a reader
            raise Malformed(path, "must be a whole number")
        if not low <= value <= high:
            raise Malformed(path, f"must be a whole number from {low} to {high}")
        return value

    return read


def _decimal(value: Any, path: str) -> Decimal:
    message = 'must be a decimal in quotes, such as "300.00", without a sign'
    return AsWritten(_matching(DECIMAL, value, path, message))


def _above_zero(value: Any, path: str) -> Decimal:
    number = _decimal(value, path)
    if not number:
        raise Malformed(path, "must be above 0")
    return number


def _share(value: Any, path: str) -> Decimal:
    number = _above_zero(value, path)
    if number > 1:
        raise Malformed(path, "must be above 0 and at most 1")
    return number


def _currency(value: Any, path: str) -> str:
    return _matching(CURRENCY, value, path, "must be three capital letters")


def _date(value: Any, path: str) -> date:
    message = "must be a date YYYY-MM-DD in the years 1900 to 2199"
    try:
        return date.fromisoformat(_matching(DATE, value, path, message))
    except ValueError:
        raise Malformed(path, message) from None


def _time(value: Any, path: str) -> datetime:
    message = "must be a time YYYY-MM-DDTHH:MM in the years 1900 to 2199"
    text = _matching(TIME, value, path, message)
    if text[11:13] > "23":  # newer Pythons read 24:00 as the next midnight
        raise Malformed(path, message)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(path, message) from None


def _one_of(choices: Collection[str]) -> Callable[[Any, str], str]:
    def read(value: Any, path: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Malformed(path, f"must be one of {', '.join(choices)}")
        return value

    return read


def _or_null[Value](read: Callable[[Any, str], Value]) -> Callable[[Any, str], Value | None]:
    return lambda value, path: None if value is None else read(value, path)


def _each[Value](read: Callable[[Any, str], Value]) -> Callable[[Any, str], tuple[Value, ...]]:
    def read_all(value: Any, path: str) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise Malformed(path, "must be a list")
        return tuple(read(item, f"{path}[{place}]") for place, item in enumerate(value))

    return read_all


# -- objects --------------------------------------------------------------------------------------------------------


def _fields(value: Any, path: str, names: Collection[str]) -> dict[str, Any]:
    """The object itself, once it has exactly these fields, each once."""
    if not isinstance(value, dict):
        raise Malformed(path or "file", "must be a JSON object")
    if isinstance(value, Twice):
        raise Malformed(_under(path, value.repeated), "is given twice")
    for name in value:
        if name not in names:
            raise Malformed(_under(path, name), "is not a field here")
    for name in names:
        if name not in value:
            raise Malformed(_under(path, name), "is missing")
    return value


def _under(path: str, name: Any) -> str:
    # A name from a file can hold a line break; the error must stay one line.
    shown = name if isinstance(name, str) and name.isprintable() else json.dumps(str(name))
    return f"{path}.{shown}" if path else shown


def _read(value: Any, path: str, readers: Mapping[str, Callable[[Any, str], Any]]) -> dict[str, Any]:
    fields = _fields(value, path, readers.keys())
    return {name: read(fields[name], f"{path}.{name}") for name, read in readers.items()}


def _dated(found: date, until: date | None, path: str) -> None:
    if until is not None and until < found:
        raise Malformed(path, "must not be before its start")


def _rate(value: Any, path: str) -> Rate:
    rate = Rate(**_read(value, path, RATE))
    _dated(rate.valid_from, rate.valid_to, f"{path}.valid_to")
    return rate


def _presence(value: Any, path: str) -> Presence:
    return Presence(**_read(value, path, PRESENCE))


def _claim(value: Any, path: str) -> EarlierClaim:
    return EarlierClaim(**_read(value, path, EARLIER_CLAIM))


def _period(value: Any, path: str) -> Period:
    days = _read(value, path, {"from": _date, "to": _date})
    _dated(days["from"], days["to"], f"{path}.to")
    return Period(days["from"], days["to"])


ROUNDING = {
    "unit": _one_of(ROUNDING_UNITS),
    "mode": _one_of(ROUNDING_MODES),
    "per": _one_of(ROUNDING_SCOPES),
}
RATE = {"category": _text, "per_hour": _decimal, "valid_from": _date, "valid_to": _or_null(_date)}
AMOUNT_ROUNDING = {"unit": _above_zero, "mode": _one_of(AMOUNT_MODES)}
CAP = {"per": _one_of(CAP_SCOPES), "hours": _decimal}

RULE_SET: dict[str, Callable[[Any, str], Any]] = {
    "code": _text,
    "version": _text,
    "currency": _currency,
    "valid_from": _date,
    "valid_to": _or_null(_date),
    "hour_minutes": _whole(1, 60),
    "rounding": lambda value, path: Rounding(**_read(value, path, ROUNDING)),
    "rates": _each(_rate),
    "amount_rounding": lambda value, path: AmountRounding(**_read(value, path, AMOUNT_ROUNDING)),
    "eligible_employment": _or_null(_each(_text)),
    "excluded": _each(_text),
    "minimum_evidence": _one_of(EVIDENCE),
    "attestation": _one_of(ATTESTATION),
    "minimum_minutes": _whole(0),
    "minimum_group": _whole(0),
    "minimum_share": _or_null(_decimal),
    "caps": _each(lambda value, path: Cap(**_read(value, path, CAP))),
}

PRESENCE: dict[str, Callable[[Any, str], Any]] = {
    "id": _text,
    "person": _text,
    "organisation": _text,
    "programme": _text,
    "activity": _text,
    "session": _text,
    "starts": _time,
    "minutes": _whole(1, LONGEST_STAY),
    "planned_minutes": _whole(1),
    "group_size": _whole(1),
    "employment": _text,
    "category": _text,
    "flags": _each(_text),
    "evidence": _one_of(EVIDENCE),
    "attested_by": _each(_one_of(("person", "employer"))),
    "contract_share": _share,
}

EARLIER_CLAIM: dict[str, Callable[[Any, str], Any]] = {
    "person": _text,
    "organisation": _text,
    "programme": _text,
    "funding_line": _text,
    "starts": _time,
    "minutes": _whole(0, LONGEST_STAY),
    "hours": _decimal,
}


# -- rules between fields -------------------------------------------------------------------------------------------


def _check_rule_set(rule_set: RuleSet, path: str) -> None:
    _dated(rule_set.valid_from, rule_set.valid_to, f"{path}.valid_to")
    rounding = rule_set.rounding
    if rule_set.caps and rounding.mode != "down" and rounding.per != "none":
        raise Malformed(
            f"{path}.rounding.mode",
            "must be down where there are caps: rounding must not lift a claim above one",
        )
    earlier: dict[str, list[Rate]] = {}
    for place, rate in enumerate(rule_set.rates):
        others = earlier.setdefault(rate.category, [])
        if any(_share_a_day(rate, other) for other in others):
            raise Malformed(
                f"{path}.rates[{place}].valid_from",
                "must not share a day with an earlier rate of its category",
            )
        others.append(rate)


def _share_a_day(one: Rate, other: Rate) -> bool:
    return (
        one.valid_from.toordinal() <= last_day(other.valid_to)
        and other.valid_from.toordinal() <= last_day(one.valid_to)
    )  # fmt: skip


def _check_presences(presences: tuple[Presence, ...]) -> None:
    ids: set[str] = set()
    planned: dict[tuple[str, str], int] = {}
    for place, presence in enumerate(presences):
        if presence.id in ids:
            raise Malformed(f"presences[{place}].id", "must not be used twice")
        ids.add(presence.id)
        plan = planned.setdefault((presence.person, presence.activity), presence.planned_minutes)
        if plan != presence.planned_minutes:
            message = f"must be {plan} as on this person's earlier presence at the activity"
            raise Malformed(f"presences[{place}].planned_minutes", message)
