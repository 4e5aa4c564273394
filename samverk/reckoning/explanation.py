"""Why a row counts or does not, as one plain sentence in five languages.

Rows may be fresh (`Line`, `Refusal`) or stored as JSON long ago, so a fact that is gone leaves a gap, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from .outcome import Line, Refusal

LANGUAGES = ("sv", "pl", "en", "de", "nb")

SHOWN = 2  # more than two items of a list make a sentence nobody reads to the end


def explain(row: Line | Refusal | Mapping[str, Any], language: str = "en", *, currency: str = "") -> str:
    """One sentence for a line or a refusal.

    `row` is a `Line`, a `Refusal`, its JSON form, or a stored `{"reason": …, "facts": {…}}`. A refusal begins with its
    presence and minutes where the row has them. `language` may carry a region (`pl-pl`); one we lack is shown in English.
    `currency` follows the amount of a line.
    """
    speaker = Speaker(language)
    fields = row if isinstance(row, Mapping) else row.to_json()
    if "reason" not in fields:
        return speaker.line(fields, currency)
    return speaker.refusal(fields, fields.get("facts", fields))


class Facts(dict[str, Any]):
    """Facts for a template; one that is missing shows as a gap."""

    def __missing__(self, name: str) -> str:
        return "…"


@lru_cache
def _catalogue(language: str) -> ModuleType:
    base = language.lower().replace("_", "-").partition("-")[0]
    return import_module(f"{__package__}.languages.{base if base in LANGUAGES else 'en'}")


class Speaker:
    """Speaks one language."""

    def __init__(self, language: str) -> None:
        catalogue = _catalogue(language)
        self._sentences: dict[str, str] = catalogue.SENTENCES
        self._point: str = catalogue.DECIMAL_POINT
        self._lower: bool = catalogue.LOWER_AFTER_COLON

    def line(self, fields: Mapping[str, Any], currency: str) -> str:
        """What a line is made of and what it comes to."""
        facts = Facts(fields)
        facts["month"] = fields.get("month") or self._sentences["whole_period"]
        for name in ("hours", "per_hour", "amount"):
            facts[name] = self._number(fields.get(name, "…"))
        facts["amount"] += f" {currency}" if currency else ""
        return self._say("line", facts)

    def refusal(self, fields: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
        """Why minutes do not count."""
        reason = str(fields["reason"])
        read = getattr(self, f"_{reason}", None)
        spoken = Facts(facts, reason=reason)
        key = read(spoken) if read else reason
        sentence = self._say(key if key in self._sentences else "unknown", spoken)
        if "presence" not in fields or "minutes" not in fields:
            return sentence
        lead = self._say("lead", Facts(fields)) + " "
        return lead + (sentence[0].lower() + sentence[1:] if self._lower else sentence)

    # Each reason below turns codes into words and answers which sentence fits; the other reasons need neither.

    def _rule_not_valid(self, facts: Facts) -> str:
        return "rule_not_valid.open" if facts.get("valid_to") is None else "rule_not_valid"

    def _employment_not_eligible(self, facts: Facts) -> str:
        facts["employment"] = self._word("employment", facts["employment"])
        eligible = facts.get("eligible") or ()
        facts["eligible"] = self._listed([self._word("employment", code) for code in eligible])
        return "employment_not_eligible" if eligible else "employment_not_eligible.nobody"

    def _excluded_role(self, facts: Facts) -> str:
        flags = facts.get("flags") or ("…",)
        facts["flags"] = self._listed([self._flag(flag) for flag in flags])
        return "excluded_role"

    def _evidence_too_weak(self, facts: Facts) -> str:
        for name in ("evidence", "minimum"):
            facts[name] = self._word("evidence", facts[name])
        return "evidence_too_weak"

    def _not_attested(self, facts: Facts) -> str:
        facts["missing"] = self._listed(
            [self._word("missing", role) for role in facts.get("missing") or ("…",)]
        )
        return "not_attested"

    def _share_too_low(self, facts: Facts) -> str:
        facts["minimum"] = self._number(facts["minimum"])
        return "share_too_low"

    def _already_claimed(self, facts: Facts) -> str:
        facts["with"] = self._sources(facts.get("with") or ({},))
        return "already_claimed"

    def _overlap(self, facts: Facts) -> str:
        facts["with"] = self._sources(facts.get("with") or ({},))
        return "overlap"

    def _cap_reached(self, facts: Facts) -> str:
        facts["cap"] = self._clock(facts["cap_minutes"])
        facts["claimed"] = self._clock(facts["claimed_minutes"])
        return f"cap_reached.{facts['per']}"

    def _say(self, key: str, facts: Facts) -> str:
        # Ids come from files and may hold line breaks; a sentence is one line.
        return " ".join(self._sentences[key].format_map(facts).split())

    def _word(self, kind: str, code: Any) -> str:
        return self._sentences.get(f"{kind}.{code}") or str(code).replace("_", " ")

    def _flag(self, flag: str) -> str:
        other = self._say("flag.other", Facts(flag=str(flag).replace("_", " ")))
        return self._sentences.get(f"flag.{flag}", other)

    def _listed(self, words: Sequence[str]) -> str:
        if len(words) > SHOWN:
            return self._say("more", Facts(first=words[0], count=len(words) - 1))
        return (
            self._say("and", Facts(first=words[0], last=words[1])) if len(words) == SHOWN else "".join(words)
        )

    def _sources(self, sources: Sequence[Mapping[str, Any]]) -> str:
        first = sources[0]
        named = first.get("programme") or self._sentences["another_programme"]
        if first.get("starts"):
            named += ", " + str(first["starts"]).replace("T", " ")
        return self._say("more", Facts(first=named, count=len(sources) - 1)) if len(sources) > 1 else named

    def _number(self, text: Any) -> str:
        return str(text).replace(".", self._point)

    def _clock(self, minutes: Any) -> str:
        if not isinstance(minutes, int):
            return "…"
        hours, rest = divmod(minutes, 60)
        return self._say("hours_minutes" if rest else "hours", Facts(hours=hours, minutes=f"{rest:02}"))
