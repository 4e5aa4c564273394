"""What must hold for any input, and the engine against the specification told minute by minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import process_time
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from samverk.reckoning import decide, load, parse, to_document, to_json

from . import examples
from .reference import Reference, without_order

# Everything happens around a new year and a month end, so that periods, rates, caps and months all cut presences.
STARTS = st.builds(
    lambda day, minute: (datetime(2017, 12, 29) + timedelta(days=day, minutes=minute)).strftime(
        "%Y-%m-%dT%H:%M"
    ),
    st.sampled_from([0, 1, 2, 2, 2, 3, 4]),
    st.sampled_from([0, 7, 480, 500, 505, 530, 1400, 1420, 1439]),
)
DAYS = st.sampled_from(["2017-12-29", "2017-12-30", "2017-12-31", "2018-01-01", "2018-01-02", "2018-02-28"])
MINUTES = st.sampled_from([1, 5, 20, 44, 45, 60, 61, 90, 1500])
MOSTLY_WIDE = st.one_of(
    st.sampled_from([("2017-12-29", "2018-01-02"), ("2017-01-01", "2018-12-31")]),
    st.tuples(DAYS, DAYS).map(lambda days: (min(days), max(days))),
)
RATES = st.sampled_from(["0", "1", "1.0", "0.3333333333", "2.5", "300.00", "300", "0300.0"])
HOURS = st.sampled_from(["0", "0.3333333333", "0.75", "1", "2.5"])


def mostly[Value](usual: Value, *others: Value) -> st.SearchStrategy[Value]:
    """The usual value three times in four, so that presences also reach the last steps."""
    return st.sampled_from([usual] * 3 * len(others) + list(others))


@st.composite
def presences(draw: st.DrawFn) -> list[dict[str, Any]]:
    plans: dict[Any, int] = {}
    rows = []
    for place in range(draw(st.sampled_from([4, 5, 3, 2, 1, 0]))):
        row = {
            "id": f"p{place}",
            "person": draw(mostly("A", "B")),
            "organisation": draw(st.sampled_from(["o1", "o1", "o2"])),
            "programme": draw(st.sampled_from(["KCM", "KCM", "SAS"])),
            "activity": draw(st.sampled_from("xy")),
            "session": draw(st.sampled_from("stu")),
            "starts": draw(STARTS),
            "minutes": draw(MINUTES),
            "group_size": draw(mostly(3, 2, 9)),
            "employment": draw(mostly("employee", "volunteer")),
            "category": draw(mostly("default", "expert")),
            "flags": draw(mostly([], ["paid_by_programme"], ["new", "paid_by_programme"])),
            "evidence": draw(mostly("signed_list", "self_claim")),
            "attested_by": draw(mostly(["person", "employer"], ["employer", "person"], ["person"], [])),
            "contract_share": draw(st.sampled_from(["1", "1.0", "0.6", "0.3333333333"])),
        }
        key = (row["person"], row["activity"])
        row["planned_minutes"] = plans.setdefault(key, draw(st.sampled_from([1, 60, 60, 100, 1000])))
        rows.append(row)
    return rows


@st.composite
def claims(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        {
            "person": draw(mostly("A", "B")),
            "organisation": draw(st.sampled_from(["o1", "o2"])),
            "programme": draw(st.sampled_from(["KCM", "SAS", "OTHER"])),
            "funding_line": draw(st.sampled_from(["f1", "f2"])),
            "starts": draw(STARTS),
            "minutes": draw(st.sampled_from([0, 5, 45, 60, 600])),
            "hours": draw(HOURS),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]


@st.composite
def rates(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for category in ["default", "expert"]:
        spans = draw(
            mostly(
                [("2016-01-01", None)],
                [("2016-01-01", "2017-12-31"), ("2018-01-01", None)],
                [("2017-12-31", "2018-01-01"), ("2018-01-02", "2018-01-02")],
                [],
            )
        )
        rows += [
            {"category": category, "per_hour": draw(RATES), "valid_from": first, "valid_to": last}
            for first, last in spans
        ]
    return rows


@st.composite
def rule_sets(draw: st.DrawFn) -> dict[str, Any]:
    caps = [
        {
            "per": draw(
                st.sampled_from(["person_year", "person_period", "organisation_period", "funding_line"])
            ),
            "hours": draw(st.sampled_from(["0", "0.5", "1", "1.27", "3", "40", "500"])),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    per = draw(st.sampled_from(["presence", "session", "person_month", "person_period", "none"]))
    mode = "down" if caps and per != "none" else draw(st.sampled_from(["down", "nearest", "up"]))
    valid_from, valid_to = draw(
        mostly(("2016-01-01", None), ("2017-12-30", "2018-01-01"), ("2017-12-31", None))
    )
    unit = draw(st.sampled_from(["hour", "half_hour", "quarter_hour", "minute"]))
    return examples.rules(
        valid_from=valid_from,
        valid_to=valid_to,
        hour_minutes=draw(st.sampled_from([60, 60, 45, 7])),
        rounding={"unit": unit, "mode": mode, "per": per},
        rates=draw(rates()),
        amount_rounding={
            "unit": draw(st.sampled_from(["0.01", "1", "0.05", "7", "0.3"])),
            "mode": draw(st.sampled_from(["down", "half_up", "up"])),
        },
        eligible_employment=draw(mostly(None, ["employee"], ["employee", "volunteer"], [])),
        excluded=draw(mostly([], ["paid_by_programme"], ["other", "new"])),
        minimum_evidence=draw(mostly("head_count", "signed_list")),
        attestation=draw(mostly("none", "person", "person_and_employer")),
        minimum_minutes=draw(mostly(0, 46, 90)),
        minimum_group=draw(mostly(0, 1, 3)),
        minimum_share=draw(mostly(None, "80", "0080.0", "66.6666666667")),
        caps=caps,
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    first, last = draw(MOSTLY_WIDE)
    return {
        "rule_set": draw(rule_sets()),
        "funding_line": "f1",
        "presences": draw(presences()),
        "already_claimed": draw(claims()),
        "period": {"from": first, "to": last},
    }


def order_decides(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The two cases the specification names: overlaps of a person, and ties of caps."""
    first, second = sorted((one, other), key=lambda row: row["starts"])
    until = datetime.fromisoformat(first["starts"]) + timedelta(minutes=first["minutes"])
    overlap = one["person"] == other["person"] and datetime.fromisoformat(second["starts"]) < until
    return overlap or one["starts"] == other["starts"]


def came_in(document: dict[str, Any]) -> int:
    return sum(row["minutes"] for row in document["presences"])


@settings(max_examples=250, deadline=None)
@given(documents())
def test_the_engine_agrees_with_the_specification_told_minute_by_minute(document: dict[str, Any]) -> None:
    decision = to_json(examples.judge(document))
    for row in decision["refused"]:
        event(row["reason"])
    assert without_order(decision) == without_order(Reference(document).decide())


@settings(max_examples=100, deadline=None)
@given(documents())
def test_no_minute_is_lost_and_none_counts_twice(document: dict[str, Any]) -> None:
    decision = examples.judge(document)
    counted = sum(line.minutes for line in decision.lines)
    assert counted + sum(row.minutes for row in decision.refused) == came_in(document)
    assert decision.totals.minutes == counted
    assert all(row.minutes > 0 for row in decision.refused)
    assert all(line.minutes > 0 for line in decision.lines)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_a_line_never_mixes_rates_employers_categories_or_months(document: dict[str, Any]) -> None:
    decision = examples.judge(document)
    rows = {row["id"]: row for row in document["presences"]}
    keys = [
        (line.person, line.organisation, line.month, line.category, line.per_hour) for line in decision.lines
    ]
    assert len(keys) == len(set(keys))
    for line in decision.lines:
        sources = [rows[id] for id in line.presences]
        assert {(s["person"], s["organisation"], s["category"]) for s in sources} == {
            (line.person, line.organisation, line.category)
        }


@settings(max_examples=80, deadline=None)
@given(documents(), st.randoms())
def test_order_of_recording_decides_nothing_but_overlaps_and_ties_of_caps(
    document: dict[str, Any], random: Any
) -> None:
    apart: list[dict[str, Any]] = []
    for row in document["presences"]:
        if not any(order_decides(row, other) for other in apart):
            apart.append(row)
    document["presences"] = apart
    shuffled = {**document, "presences": random.sample(apart, len(apart))}
    assert without_order(to_json(examples.judge(document))) == without_order(
        to_json(examples.judge(shuffled))
    )


@settings(max_examples=80, deadline=None)
@given(documents(), st.randoms())
def test_order_of_earlier_claims_rates_and_flags_never_matters(document: dict[str, Any], random: Any) -> None:
    before = without_order(to_json(examples.judge(document)))
    for row in document["presences"]:
        row["flags"] = sorted(row["flags"], reverse=True)
    random.shuffle(document["already_claimed"])
    after = without_order(to_json(examples.judge(document)))
    for decision in (before, after):
        for row in decision["refused"]:
            row["flags"] = sorted(row.get("flags", []))
    assert before == after


@settings(max_examples=80, deadline=None)
@given(documents())
def test_a_decision_by_person_is_the_decision_of_the_whole_file_where_no_cap_is_shared(
    document: dict[str, Any],
) -> None:
    caps = document["rule_set"]["caps"]
    document["rule_set"]["caps"] = [cap for cap in caps if cap["per"].startswith("person_")]
    whole = without_order(to_json(examples.judge(document)))
    apart = []
    for person in "AB":
        own = [row for row in document["presences"] if row["person"] == person]
        apart.append(to_json(examples.judge({**document, "presences": own})))
    joined = {
        **whole,
        "lines": apart[0]["lines"] + apart[1]["lines"],
        "refused": apart[0]["refused"] + apart[1]["refused"],
    }
    assert whole == without_order(joined)


@settings(max_examples=80, deadline=None)
@given(documents())
def test_inputs_written_to_a_file_are_read_back_as_they_were(document: dict[str, Any]) -> None:
    inputs = parse(document)
    assert to_document(inputs) == document
    assert parse(to_document(inputs)) == inputs


def test_a_long_file_of_one_person_takes_no_longer_than_its_length() -> None:
    def timed(number: int) -> float:
        moments = [datetime(2000, 1, 1) + timedelta(minutes=90 * place) for place in range(number)]
        starts = [moment.strftime("%Y-%m-%dT%H:%M") for moment in moments]
        rows = [examples.presence(f"p{place}", starts=start) for place, start in enumerate(starts)]
        earlier = [examples.claim(starts=start, minutes=7) for start in starts[::3]]
        caps = [{"per": "person_year", "hours": "5000"}]
        rule_set = examples.rules(valid_from="1999-01-01", caps=caps, minimum_share="50")
        period = {"from": "2000-01-01", "to": "2010-12-31"}
        inputs = parse(examples.document(*rows, rule_set=rule_set, claims=earlier, period=period))
        began = process_time()
        decide(inputs.rule_set, inputs.funding_line, inputs.presences, inputs.already_claimed, inputs.period)
        return process_time() - began

    # Ten times the presences: about ten times the work; a hundred times would be a loop within a loop.
    assert timed(5_000) < 40 * timed(500)


def test_a_file_is_read_as_its_document() -> None:
    assert load(b'\xef\xbb\xbf{"a": [1, "x", null]}') == {"a": [1, "x", None]}
