"""Reckoning: hours, rules and money, in pure Python (no Django, no clock, no float).

`decide` judges presences under a rule set; `parse` and `load` read its inputs from a file, `to_document` writes them;
`to_json` writes the decision and `explain` says it in plain sentences. From a shell: `python -m samverk.reckoning FILE.json`.
The other formulas of a funded programme stand in modules of their own, named for what they reckon: `salary`, `gap`,
`working_time`, `flat_rates`, `public_support`, `volunteering`, `attended`, `lessons`, `de_minimis`, `participants`,
`retention`, `assessment`, `login_log`.
"""

from .engine import decide
from .explanation import LANGUAGES, explain
from .inputs import AmountRounding, Cap, EarlierClaim, Inputs, Period, Presence, Rate, Rounding, RuleSet
from .outcome import Decision, Line, Refusal, Totals, to_json
from .reading import Malformed, load, parse, parse_rule_set
from .writing import to_document

__all__ = [
    "LANGUAGES",
    "AmountRounding",
    "Cap",
    "Decision",
    "EarlierClaim",
    "Inputs",
    "Line",
    "Malformed",
    "Period",
    "Presence",
    "Rate",
    "Refusal",
    "Rounding",
    "RuleSet",
    "Totals",
    "decide",
    "explain",
    "load",
    "parse",
    "parse_rule_set",
    "to_document",
    "to_json",
]
