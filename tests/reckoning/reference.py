"""The specification told a second time, as slowly as it reads: one minute after the other.

It shares nothing with the engine: it reads the document itself, counts in fractions and keeps a row for each minute.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

STRENGTH = [
    "head_count",
    "self_claim",
    "self_check_in",
    "facilitator_mark",
    "staff_scan",
    "login_log",
    "scanned_list",
    "signed_list",
]


@cache
def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M")


@cache
def minutes_from(starts: str, minutes: int) -> dict[datetime, None]:
    return {at(starts) + timedelta(minutes=n): None for n in range(minutes)}


def minutes_of(row: dict[str, Any]) -> dict[datetime, None]:
    return minutes_from(row["starts"], row["minutes"])


@cache
def months_between(first: date, last: date) -> Fraction:
    months, day = Fraction(0), first
    while day <= last:
        months += Fraction(1, monthrange(day.year, day.month)[1])
        day += timedelta(days=1)
    return months


def rounded(value: Fraction, unit: Fraction, mode: str) -> Fraction:
    steps = value / unit
    if mode == "down":
        return floor(steps) * unit
    if mode == "up":
        return ceil(steps) * unit
    return floor(steps + Fraction(1, 2)) * unit


def shown(hours: Fraction) -> str:
    text = f"{floor(hours * 10000 + Fraction(1, 2)):05d}"
    return f"{text[:-4]}.{text[-4:]}".rstrip("0").rstrip(".")


def money(amount: Fraction, unit: str) -> str:
    decimals = len(unit.partition(".")[2])
    digits = str(int(amount * 10**decimals)).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


class Reference:
    def __init__(self, document: dict[str, Any]) -> None:
        self.rules = document["rule_set"]
        self.line = document["funding_line"]
        self.presences = document["presences"]
        self.claims = document["already_claimed"]
        self.period = document["period"]
        self.refused: dict[Any, list[Any]] = {}
        self.known: dict[Any, int] = {}
        self.ceilings: dict[Any, tuple[Any, int, int]] = {}
        self.held: dict[Any, dict[str, Any]] = {}
        self.kept: list[tuple[dict[str, Any], datetime, dict[str, Any]]] = []

    def decide(self) -> dict[str, Any]:
        for presence in self.presences:
            for minute in minutes_of(presence):
                self.hold(presence, minute)
        lines = self.lines(self.capped())
        return {
            "rule_set": f"{self.rules['code']}@{self.rules['version']}",
            "currency": self.rules["currency"],
            "lines": [line for line, _, _ in lines],
            "refused": [
                {"presence": row[0], "reason": row[1], **row[2], "minutes": row[3]}
                for row in self.refused.values()
            ],
            "totals": {
                "minutes": sum(line["minutes"] for line, _, _ in lines),
                "hours": shown(sum((hours for _, hours, _ in lines), Fraction(0))),
                "amount": money(
                    sum((amount for _, _, amount in lines), Fraction(0)),
                    self.rules["amount_rounding"]["unit"],
                ),
            },
        }

    def refuse(self, presence: dict[str, Any], reason: str, facts: dict[str, Any]) -> None:
        key = (presence["id"], reason, str(facts) if "with" not in facts else "")
        row = self.refused.setdefault(key, [presence["id"], reason, dict(facts), 0])
        row[3] += 1
        for source in facts.get("with", []):
            if source not in row[2]["with"]:
                row[2]["with"] = [*row[2]["with"], source]

    def hold(self, presence: dict[str, Any], minute: datetime) -> None:
        verdict = self.fate(presence, minute)
        if verdict:
            self.refuse(presence, *verdict)
            return
        self.held[presence["person"], minute] = presence
        self.kept.append((presence, minute, self.rate(presence, minute)))

    def attended(self, presence: dict[str, Any], under: str) -> int:
        key = (presence["person"], under, presence[under])
        if key not in self.known:
            self.known[key] = self.count_attended(presence, under)
        return self.known[key]

    def count_attended(self, presence: dict[str, Any], under: str) -> int:
        minutes: set[datetime] = set()
        for other in self.presences:
            same = other["person"] == presence["person"] and other[under] == presence[under]
            if same and self.proven(other) and not self.unattested(other):
                minutes.update(minutes_of(other))
        return len(minutes)

    def proven(self, presence: dict[str, Any]) -> bool:
        return STRENGTH.index(presence["evidence"]) >= STRENGTH.index(self.rules["minimum_evidence"])

    def unattested(self, presence: dict[str, Any]) -> list[str]:
        asked = {"none": [], "person": ["person"], "person_and_employer": ["person", "employer"]}
        return [who for who in asked[self.rules["attestation"]] if who not in presence["attested_by"]]

    def rate(self, presence: dict[str, Any], minute: datetime) -> dict[str, Any] | None:
        day = minute.date().isoformat()
        for rate in self.rules["rates"]:
            valid = rate["valid_from"] <= day <= (rate["valid_to"] or "9999")
            if rate["category"] == presence["category"] and valid:
                return rate
        return None

    def fate(self, presence: dict[str, Any], minute: datetime) -> tuple[str, dict[str, Any]] | None:
        rules, day = self.rules, minute.date().isoformat()
        if not self.period["from"] <= day <= self.period["to"]:
            return "outside_period", {"from": self.period["from"], "to": self.period["to"]}
        if not rules["valid_from"] <= day <= (rules["valid_to"] or "9999"):
            return "rule_not_valid", {"valid_from": rules["valid_from"], "valid_to": rules["valid_to"]}
        eligible = rules["eligible_employment"]
        if eligible is not None and presence["employment"] not in eligible:
            return "employment_not_eligible", {"employment": presence["employment"], "eligible": eligible}
        hit = [flag for flag in presence["flags"] if flag in rules["excluded"]]
        if hit:
            return "excluded_role", {"flags": hit}
        if not self.proven(presence):
            return "evidence_too_weak", {
                "evidence": presence["evidence"],
                "minimum": rules["minimum_evidence"],
            }
        if self.unattested(presence):
            return "not_attested", {"missing": self.unattested(presence)}
        in_session = self.attended(presence, "session")
        if in_session < rules["minimum_minutes"]:
            return "too_short", {"attended": in_session, "minimum": rules["minimum_minutes"]}
        if presence["group_size"] < rules["minimum_group"]:
            return "group_too_small", {
                "group_size": presence["group_size"],
                "minimum": rules["minimum_group"],
            }
        if rules["minimum_share"] is not None:
            attended, planned = self.attended(presence, "activity"), presence["planned_minutes"]
            if attended * 100 < Fraction(rules["minimum_share"]) * planned:
                return "share_too_low", {
                    "attended": attended,
                    "planned": planned,
                    "minimum": rules["minimum_share"],
                }
        if self.rate(presence, minute) is None:
            return "no_rate", {"category": presence["category"]}
        return self.taken(presence, minute)

    def taken(self, presence: dict[str, Any], minute: datetime) -> tuple[str, dict[str, Any]] | None:
        covering = [c for c in self.claims if c["person"] == presence["person"] and minute in minutes_of(c)]
        same = [source(c) for c in covering if c["programme"] == presence["programme"]]
        if same:
            return "already_claimed", {"with": unique(same)}
        others = [source(c) for c in covering]
        holder = self.held.get((presence["person"], minute))
        if holder:
            others.append({**source(holder), "presence": holder["id"]})
        return ("overlap", {"with": unique(others)}) if others else None

    def capped(self) -> list[tuple[dict[str, Any], datetime, dict[str, Any]]]:
        order = {presence["id"]: place for place, presence in enumerate(self.presences)}
        rows = sorted(self.kept, key=lambda row: (row[0]["starts"], order[row[0]["id"]], row[1]))
        used: dict[Any, int] = defaultdict(int)
        counted = []
        for presence, minute, rate in rows:
            full = None
            keys = []
            for place, cap in enumerate(self.rules["caps"]):
                known = (place, presence["id"], minute.year)
                if known not in self.ceilings:
                    self.ceilings[known] = self.ceiling(cap, presence, minute)
                key, limit, claimed = self.ceilings[known]
                keys.append((place, key))
                if limit - claimed - used[place, key] <= 0 and full is None:
                    year = minute.year if cap["per"] == "person_year" else None
                    full = {
                        "per": cap["per"],
                        "year": year,
                        "cap_minutes": limit,
                        "claimed_minutes": claimed,
                    }
            if full:
                self.refuse(presence, "cap_reached", full)
                continue
            for key in keys:
                used[key] += 1
            counted.append((presence, minute, rate))
        return counted

    def ceiling(
        self, cap: dict[str, Any], presence: dict[str, Any], minute: datetime
    ) -> tuple[Any, int, int]:
        first, last = date.fromisoformat(self.period["from"]), date.fromisoformat(self.period["to"])
        hours = Fraction(cap["hours"])
        if cap["per"] == "person_year":
            key: Any = (presence["person"], minute.year)
            hours *= Fraction(presence["contract_share"])
            earlier = [c for c in self.claims if (c["person"], at(c["starts"]).year) == key]
        elif cap["per"] == "person_period":
            key = presence["person"]
            hours *= Fraction(presence["contract_share"]) * months_between(first, last) / 12
            earlier = [c for c in self.claims if c["person"] == key and self.in_period(c)]
        elif cap["per"] == "organisation_period":
            key = presence["organisation"]
            earlier = [
                c
                for c in self.claims
                if c["organisation"] == key and self.in_period(c) and c["funding_line"] == self.line
            ]
        else:
            key = "file"
            earlier = [c for c in self.claims if c["funding_line"] == self.line]
        claimed = sum((Fraction(c["hours"]) for c in earlier), Fraction(0))
        return key, floor(hours * 60), ceil(claimed * 60)

    def in_period(self, claim: dict[str, Any]) -> bool:
        return self.period["from"] <= claim["starts"][:10] <= self.period["to"]

    def lines(self, counted: list[Any]) -> list[tuple[dict[str, Any], Fraction, Fraction]]:
        rounding = self.rules["rounding"]
        groups: dict[Any, list[Any]] = defaultdict(list)
        for presence, minute, rate in counted:
            month = None if rounding["per"] == "person_period" else minute.strftime("%Y-%m")
            key = (presence["person"], presence["organisation"], month, presence["category"])
            groups[*key, Fraction(rate["per_hour"])].append((presence, rate))
        return [self.one_line(key, rows) for key, rows in groups.items()]

    def one_line(self, key: Any, rows: list[Any]) -> tuple[dict[str, Any], Fraction, Fraction]:
        rounding = self.rules["rounding"]
        under = {"presence": "id", "session": "session"}.get(rounding["per"])
        sums: dict[Any, int] = defaultdict(int)
        for presence, _ in rows:
            sums[presence[under] if under else ""] += 1
        unit = {"hour": Fraction(1), "half_hour": Fraction(1, 2), "quarter_hour": Fraction(1, 4)}.get(
            rounding["unit"]
        )
        exact = [Fraction(minutes, self.rules["hour_minutes"]) for minutes in sums.values()]
        if unit and rounding["per"] != "none":
            exact = [rounded(value, unit, rounding["mode"]) for value in exact]
        hours = sum(exact, Fraction(0))
        money_unit = self.rules["amount_rounding"]["unit"]
        amount = rounded(hours * key[4], Fraction(money_unit), self.rules["amount_rounding"]["mode"])
        equal = [
            rate["per_hour"]
            for rate in self.rules["rates"]
            if rate["category"] == key[3] and Fraction(rate["per_hour"]) == key[4]
        ]
        line = {
            "person": key[0],
            "organisation": key[1],
            "month": key[2],
            "category": key[3],
            "minutes": len(rows),
            "hours": shown(hours),
            "per_hour": equal[0],
            "amount": money(amount, money_unit),
            "presences": list({presence["id"]: None for presence, _ in rows}),
        }
        return line, hours, amount


def source(row: dict[str, Any]) -> dict[str, str]:
    return {"programme": row["programme"], "starts": row["starts"]}


def unique(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


def without_order(decision: dict[str, Any]) -> dict[str, Any]:
    """The decision with its lists in one order, as their order carries no meaning."""
    lines = [{**line, "presences": sorted(line["presences"])} for line in decision["lines"]]
    rows = [
        {**row, "with": sorted(row["with"], key=str)} if "with" in row else row for row in decision["refused"]
    ]
    return {**decision, "lines": sorted(lines, key=str), "refused": sorted(rows, key=str)}
