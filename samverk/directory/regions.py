"""Where a place lies: counties and municipalities of Sweden, voivodeships and counties of Poland.

A region is a code that begins with the code of what it lies in: PL20 podlaskie, PL2061 Białystok; SE12 Skåne län,
SE1280 Malmö. So "lies in" is "begins with". The table, its source and its codes stand in regions.csv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from samverk.directory.models import Organisation
from samverk.kit.fold import fold

TABLE = Path(__file__).parent / "regions.csv"
# "SE12" and "PL20" are whole regions; longer codes lie in one.
TOP = 4
# Words around a name that do not belong to it.
_AROUND = (
    "kommun", "stad", "lan", "region", "regionen", "wojewodztwo", "woj.", "woj", "powiat", "pow.", "gmina", "m.",
    "m. st.", "miasto",
)  # fmt: skip


@dataclass(frozen=True)
class Region:
    """A region by its code; ``holds`` are further names for it: of a Polish county, its municipalities."""

    code: str
    name: str
    holds: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        return self.code[:2]

    @property
    def is_top(self) -> bool:
        return len(self.code) == TOP


@lru_cache(maxsize=1)
def all_regions() -> dict[str, Region]:
    """Every region by its code, as the table has them: each region before what lies in it."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, name, holds = line.split(";")
            found[code] = Region(code, name, tuple(part for part in holds.split("|") if part))
    return found


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[str]]:
    """Codes by folded name: first the whole name, then what is left without "län", then names of what lies in it."""
    whole, own, held = (defaultdict[str, list[str]](list) for _ in range(3))
    for region in all_regions().values():
        whole[fold(region.name)].append(region.code)
        own[_bare(region.name)].append(region.code)
        for name in region.holds:
            held[_bare(name)].append(region.code)
    return {name: whole.get(name) or own.get(name) or held[name] for name in {*whole, *own, *held}}


def _bare(name: str) -> str:
    """A folded name without the words for what it is: "Malmö stad" is "malmo", "Skåne län" is "skane"."""
    words = [word for word in fold(name).replace(",", " ").split() if word not in _AROUND]
    bare = " ".join(words)
    # Swedish counties are written in the genitive: Östergötlands län, Östergötland.
    return bare[:-1] if fold(name).endswith("s lan") else bare


def region_codes(place: str, country: str = "") -> set[str]:
    """Codes of regions with this name, in a country where one is said; more than one where the name is doubtful."""
    if place.strip().upper() in all_regions():
        return {place.strip().upper()}
    codes = _by_name().get(fold(place)) or _by_name().get(_bare(place), []) if place.strip() else []
    here = {code for code in codes if not country or code.startswith(country)}
    # Kalmar is a town in Kalmar län: of two that lie in each other the smaller is meant.
    return {code for code in here if not any(other != code and other.startswith(code) for other in here)}


def region_name(code: str) -> str:
    """Its name, with the region it lies in where it lies in one."""
    region = all_regions().get(code)
    if region is None:
        return code
    return region.name if region.is_top else f"{region.name} ({all_regions()[code[:TOP]].name})"


def is_within(codes: Iterable[str], regions: Iterable[str]) -> bool | None:
    """Whether the places lie in the regions. None where that is not known: no place, or some in and some out."""
    answers = {any(code.startswith(region) for region in regions) for code in codes}
    return answers.pop() if len(answers) == 1 else None


def places_within(regions: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(region, its (code, name) pairs) of everything that lies in these regions, for a form to choose from."""
    grouped: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for region in all_regions().values():
        if not region.is_top and is_within([region.code], regions):
            grouped[region.code[:TOP]].append((region.code, region.name))
    return [(all_regions()[top].name, pairs) for top, pairs in grouped.items()]


def regions_of_organisation(organisation: Organisation) -> set[str]:
    """By its number of municipality, else by its place, else by its region; empty where none is known."""
    country = str(organisation.country)
    by_number = f"{country}{organisation.municipality_code[:4]}"
    if organisation.municipality_code and by_number in all_regions():
        return {by_number}
    return region_codes(organisation.place, country) or region_codes(organisation.region, country)
