"""Rule sets between their files, the database and the engine.

TOML has no null, so a shipped file leaves out what is open: `valid_to`, `eligible_employment` (everybody may count),
`minimum_share` (no such rule), and `valid_to` of a rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samverk.programmes.models import RuleSet
from samverk.reckoning import RuleSet as Rules
from samverk.reckoning import parse_rule_set

MAY_BE_OPEN = ("valid_to", "eligible_employment", "minimum_share")


def complete(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with null where it leaves something open, as the engine and a controller's file want it."""
    full = {**dict.fromkeys(MAY_BE_OPEN), **document}
    full["rates"] = [{"valid_to": None, **rate} for rate in document.get("rates", [])]
    return full


def rules_of(rule_set: RuleSet) -> Rules:
    """The rules as the engine reads them. Raises `reckoning.Malformed` where the document cannot be read."""
    return parse_rule_set(complete(rule_set.document))
