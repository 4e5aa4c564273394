"""Documents to start from: one rule set with nothing in the way, one plain presence, and what to change in them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from samverk.reckoning import Decision, decide, parse, to_json

RULE_SET: dict[str, Any] = {
    "code": "SE-ESF",
    "version": "2016-02",
    "currency": "SEK",
    "valid_from": "2016-01-01",
    "valid_to": None,
    "hour_minutes": 60,
    "rounding": {"unit": "hour", "mode": "down", "per": "person_month"},
    "rates": [{"category": "default", "per_hour": "300.00", "valid_from": "2016-01-01", "valid_to": None}],
    "amount_rounding": {"unit": "0.01", "mode": "half_up"},
    "eligible_employment": ["employee"],
    "excluded": ["programme_owner_staff", "paid_by_programme"],
    "minimum_evidence": "signed_list",
    "attestation": "person_and_employer",
    "minimum_minutes": 0,
    "minimum_group": 1,
    "minimum_share": None,
    "caps": [],
}

PRESENCE: dict[str, Any] = {
    "id": "a1",
    "person": "A",
    "organisation": "o7",
    "programme": "KCM",
    "activity": "x",
    "session": "s1",
    "starts": "2017-03-02T09:00",
    "minutes": 150,
    "planned_minutes": 180,
    "group_size": 12,
    "employment": "employee",
    "category": "default",
    "flags": [],
    "evidence": "signed_list",
    "attested_by": ["person", "employer"],
    "contract_share": "1.0",
}

EARLIER_CLAIM: dict[str, Any] = {
    "person": "A",
    "organisation": "o7",
    "programme": "OTHER",
    "funding_line": "f",
    "starts": "2017-03-02T10:00",
    "minutes": 60,
    "hours": "1",
}

MARCH = {"from": "2017-03-01", "to": "2017-03-31"}


def rules(**changes: Any) -> dict[str, Any]:
    """The rule set with other values."""
    return {**deepcopy(RULE_SET), **changes}


def presence(id: str = "a1", **changes: Any) -> dict[str, Any]:
    """The presence with other values."""
    return {**deepcopy(PRESENCE), "id": id, **changes}


def claim(**changes: Any) -> dict[str, Any]:
    """The earlier claim with other values."""
    return {**deepcopy(EARLIER_CLAIM), **changes}


def document(
    *presences: dict[str, Any],
    rule_set: dict[str, Any] | None = None,
    claims: list[dict[str, Any]] | None = None,
    period: dict[str, str] = MARCH,
    funding_line: str = "esf-2015-00778",
) -> dict[str, Any]:
    """A whole document."""
    return {
        "rule_set": rule_set or rules(),
        "funding_line": funding_line,
        "presences": list(presences),
        "already_claimed": claims or [],
        "period": dict(period),
    }


def judge(doc: dict[str, Any]) -> Decision:
    """The decision on a document."""
    inputs = parse(doc)
    return decide(
        inputs.rule_set, inputs.funding_line, inputs.presences, inputs.already_claimed, inputs.period
    )


def judged(*presences: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """The decision on these presences as JSON."""
    return to_json(judge(document(*presences, **rest)))


def refused(*presences: dict[str, Any], **rest: Any) -> list[dict[str, Any]]:
    """Only what is refused."""
    rows: list[dict[str, Any]] = judged(*presences, **rest)["refused"]
    return rows
