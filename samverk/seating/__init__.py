"""Seating: mixed tables, rounds of new meetings, matching and ranked choices, in pure Python (numpy and scipy, no Django).

`seat` seats people under rules, `reseat` again with the least change; `anneal` is the kernel below both. `match` finds
mentors for organisations, `assign_ranked` gives people one of the options they ranked. From a shell:
`samverk seat PEOPLE.csv --tables 12`, `samverk match MENTORS.csv ORGANISATIONS.csv`. Same input, effort and seed, same answer.
"""

from typing import Any

# Loaded when first asked for: reading one name must not cost the start of all the others.
_PLACES = {
    "anneal": "annealing",
    "Arrangement": "annealing",
    "Impossible": "impossible",
    "People": "people",
    "people_from": "people",
    "Rules": "rules",
    "Seating": "plan",
    "Wish": "plan",
    "seat": "plan",
    "prices": "plan",
    "to_json": "explaining",
    "reseat": "resolving",
    "Change": "resolving",
    "field_plan": "fields",
    "Matching": "matching.answer",
    "match_rows": "matching.answer",
    "match_scores": "matching.answer",
    "Missed": "ranking",
    "Place": "ranking",
    "Ranking": "ranking",
    "assign_ranked": "ranking",
}

__all__ = list(_PLACES)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
