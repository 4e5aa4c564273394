"""Files that can be read in two ways are refused, by the path of the field; and the command that reads them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samverk.reckoning import LANGUAGES, Malformed, load, parse, parse_rule_set, to_json
from samverk.reckoning.__main__ import main

from .examples import claim, document, judge, presence, rules

Change = Callable[[dict[str, Any]], Any]


def good() -> dict[str, Any]:
    """A document in which everything is right, with two of most things."""
    rates = [
        {"category": "default", "per_hour": "300.00", "valid_from": "2016-01-01", "valid_to": "2016-12-31"},
        {"category": "default", "per_hour": "310.00", "valid_from": "2017-01-01", "valid_to": None},
    ]
    rule_set = rules(rates=rates, caps=[{"per": "person_year", "hours": "1662"}])
    return document(
        presence("a1"), presence("a2", starts="2017-03-03T09:00"), rule_set=rule_set, claims=[claim()]
    )


def put(path: str, value: Any) -> Change:
    """A change of one field."""

    def change(doc: dict[str, Any]) -> None:
        *way, last = [
            int(step) if step.isdigit() else step
            for step in path.replace("[", ".").replace("]", "").split(".")
        ]
        target: Any = doc
        for step in way:
            target = target[step]
        target[last] = value

    return change


def fault(doc: Any) -> Malformed:
    with pytest.raises(Malformed) as caught:
        parse(doc)
    return caught.value


def test_the_good_document_is_good() -> None:
    assert parse(good()).funding_line == "esf-2015-00778"


WRONG_VALUES = [
    (path, value)
    for path, values in {
        "rule_set": [None, [], "x"],
        "rule_set.code": ["", None, 1],
        "rule_set.version": ["", 2],
        "rule_set.currency": ["sek", "SE", "SEKK", "ŚEK", "", None, "SEK\n"],
        "rule_set.valid_from": [None, "2017-02-29", "2017-2-1", "1899-12-31", "2200-01-01", "20170201", "2017-W05-1", 1],
        "rule_set.valid_to": ["", "2017-13-01", False],
        "rule_set.hour_minutes": [0, 61, "60", 60.5, None, True],
        "rule_set.rounding": [None, "hour"],
        "rule_set.rounding.unit": ["day", None, ["hour"]],
        "rule_set.rounding.mode": ["half_up", "DOWN"],
        "rule_set.rounding.per": ["person", ""],
        "rule_set.rates": [None, {}],
        "rule_set.rates[1]": ["x"],
        "rule_set.rates[1].category": [""],
        "rule_set.rates[1].per_hour": [300, "300,00", "-1", "+1", "1e3", "", ".5", "5.", "1234567890123", "1.12345678901", "٣", " 1", "1\n"],
        "rule_set.rates[1].valid_from": ["2017-01-01T00:00"],
        "rule_set.rates[1].valid_to": ["x"],
        "rule_set.amount_rounding": [[]],
        "rule_set.amount_rounding.unit": ["0", "0.00", 0.01],
        "rule_set.amount_rounding.mode": ["nearest"],
        "rule_set.eligible_employment": ["employee", {}],
        "rule_set.eligible_employment[0]": ["", None],
        "rule_set.excluded": [None, "x"],
        "rule_set.minimum_evidence": ["signature", None, []],
        "rule_set.attestation": ["employer", None],
        "rule_set.minimum_minutes": [-1, 1000001, "0", None, 0.0],
        "rule_set.minimum_group": [-1, None],
        "rule_set.minimum_share": [80, "80%", "-1"],
        "rule_set.caps": [None],
        "rule_set.caps[0].per": ["person"],
        "rule_set.caps[0].hours": [1662, "-1", None],
        "funding_line": ["", None, 7],
        "presences": [None, {}],
        "presences[1]": [None, []],
        "presences[1].id": ["", 1, None],
        "presences[1].person": [""],
        "presences[1].organisation": [None],
        "presences[1].programme": [""],
        "presences[1].activity": [""],
        "presences[1].session": [0],
        "presences[1].starts": ["2017-03-02", "2017-03-02T24:00", "2017-03-02T09:60", "2017-03-02T9:00", "2017-03-02T09:00:00", "2017-03-02T09:00Z", "2017-03-02 09:00", "1899-03-02T09:00", None],
        "presences[1].minutes": [0, 10081, 150.0, True, "150", None, -5],
        "presences[1].planned_minutes": [0, 1000001],
        "presences[1].group_size": [0, "12"],
        "presences[1].employment": ["", None],
        "presences[1].category": [""],
        "presences[1].flags": [None, "x"],
        "presences[1].evidence": ["word", None],
        "presences[1].attested_by": [None, "person"],
        "presences[1].attested_by[0]": ["leader"],
        "presences[1].contract_share": ["0", "0.0", "1.1", 1, "2", None],
        "already_claimed": [None],
        "already_claimed[0].person": [""],
        "already_claimed[0].organisation": [""],
        "already_claimed[0].programme": [None],
        "already_claimed[0].funding_line": [""],
        "already_claimed[0].starts": ["2017-03-02"],
        "already_claimed[0].minutes": [-1, 10081, None],
        "already_claimed[0].hours": [1, "-1"],
        "period": [None, []],
        "period.from": [None, "2017-3-1"],
        "period.to": [None, "2017-02-28"],
    }.items()
    for value in values
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG_VALUES)
def test_a_wrong_value_is_named_by_its_path(path: str, value: Any) -> None:
    doc = good()
    put(path, value)(doc)
    assert fault(doc).path == path


OBJECTS = ["", "rule_set", "rule_set.rounding", "rule_set.rates[1]", "rule_set.amount_rounding"] + [
    "rule_set.caps[0]",
    "presences[1]",
    "already_claimed[0]",
    "period",
]


def fields_of(doc: Any, path: str) -> dict[str, Any]:
    for step in path.replace("[", ".").replace("]", "").split("."):
        doc = doc if not step else doc[int(step)] if step.isdigit() else doc[step]
    fields: dict[str, Any] = doc
    return fields


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path in OBJECTS for name in fields_of(good(), path)]
)
def test_every_field_is_required(path: str, name: str) -> None:
    doc = good()
    del fields_of(doc, path)[name]
    error = fault(doc)
    assert (error.path, error.message) == (f"{path}.{name}".lstrip("."), "is missing")


@pytest.mark.parametrize("path", OBJECTS)
def test_an_unknown_field_is_an_error(path: str) -> None:
    doc = good()
    fields_of(doc, path)["colour"] = "red"
    assert fault(doc).path == f"{path}.colour".lstrip(".")


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ('"minutes": 150,', '"minutes": 150, "minutes": 150,', "presences[0].minutes"),
        ('"code":', '"code": "x", "code":', "rule_set.code"),
        ('"funding_line": "esf-2015-00778"', '"period": {}, "funding_line": "x"', "period"),
        ('"unit": "hour"', '"unit": "hour", "unit": "hour"', "rule_set.rounding.unit"),
    ],
)
def test_a_field_given_twice_is_an_error(before: str, after: str, path: str) -> None:
    text = json.dumps(good())
    assert before in text
    error = fault(load(text.replace(before, after, 1)))
    assert (error.path, error.message) == (path, "is given twice")


def rate(first: str, last: str | None, category: str = "default") -> dict[str, Any]:
    return {"category": category, "per_hour": "1", "valid_from": first, "valid_to": last}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("presences[1].id", put("presences[1].id", "a1")),
        ("presences[1].planned_minutes", put("presences[1].planned_minutes", 181)),
        ("presences[1].planned_minutes", put("presences[1].planned_minutes", 179)),
        ("rule_set.rates[1].valid_from", put("rule_set.rates[1].valid_from", "2016-12-31")),
        (
            "rule_set.rates[2].valid_from",
            put("rule_set.rates", [rate("2016-01-01", "2016-12-31"), rate("2016-01-01", None, "x"), rate("2015-01-01", "2016-01-01")]),
        ),
        ("rule_set.rates[1].valid_to", put("rule_set.rates[1].valid_to", "2016-12-31")),
        ("rule_set.valid_to", put("rule_set.valid_to", "2015-12-31")),
        ("period.to", put("period.to", "2017-02-28")),
        ("rule_set.rounding.mode", put("rule_set.rounding.mode", "nearest")),
        ("rule_set.rounding.mode", put("rule_set.rounding.mode", "up")),
    ],
)  # fmt: skip
def test_fields_that_contradict_each_other_are_named(path: str, change: Change) -> None:
    doc = good()
    change(doc)
    assert fault(doc).path == path


@pytest.mark.parametrize(
    "change",
    [
        put("presences[1].person", "B"),
        put("presences[1].activity", "y"),
    ],
)
def test_plans_may_differ_between_people_and_between_activities(change: Change) -> None:
    doc = good()
    doc["presences"][1]["planned_minutes"] = 999
    change(doc)
    assert len(parse(doc).presences) == 2


def test_rounding_up_is_fine_without_caps_or_where_nothing_is_rounded() -> None:
    up = {"unit": "hour", "mode": "up", "per": "session"}
    caps = [{"per": "person_year", "hours": "1"}]
    assert parse_rule_set(rules(rounding=up)).rounding.mode == "up"
    assert parse_rule_set(rules(rounding={**up, "per": "none"}, caps=caps)).caps


def test_rates_may_follow_each_other_day_by_day() -> None:
    assert (
        len(parse_rule_set(rules(rates=[rate("2017-01-02", None), rate("2017-01-01", "2017-01-01")])).rates)
        == 2
    )


def test_an_end_on_the_day_of_its_start_is_one_day() -> None:
    doc = good()
    put("period.to", "2017-03-01")(doc)
    assert parse(doc).period.first == parse(doc).period.last


NO_OBJECTS = [
    b"",
    b"[]",
    b"null",
    b'"x"',
    b"{",
    b"{} {}",
    b"NaN",
    b'{"a": Infinity}',
    b"\xff\xfe{",
    b"[" * 100_000,
]


@pytest.mark.parametrize("content", NO_OBJECTS, ids=range(len(NO_OBJECTS)))
def test_what_is_no_json_object_is_an_error_of_the_file(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    assert main([str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("file: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("150.0", "must be a whole number"),
        ("1e2", "must be a whole number"),
        ("true", "must be a whole number"),
        ("9" * 5000, "must be a whole number"),
        ("10081", "must be a whole number from 1 to 10080"),
    ],
)
def test_the_command_names_the_field_on_one_line(
    value: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(good()).replace('"minutes": 150', f'"minutes": {value}', 1)
    assert main([written(tmp_path, text)]) == 2
    assert capsys.readouterr() == ("", f"presences[0].minutes: {message}\n")


def test_a_field_name_with_a_line_break_still_makes_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = good()
    doc["period"]["a\nb\u2028c"] = 1
    assert main([written(tmp_path, json.dumps(doc))]) == 2
    assert capsys.readouterr() == ("", 'period."a\\nb\\u2028c": is not a field here\n')


ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> str:
    file = folder / "case.json"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_command_prints_the_decision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([written(tmp_path, json.dumps(good()))]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == to_json(judge(good()))
    assert err == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_explains_each_line_and_refusal(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([written(tmp_path, json.dumps(good())), "--explain", "--language", language]) == 0
    out = capsys.readouterr().out.splitlines()
    decision = judge(good())
    assert len(out) == len(decision.lines) + len(decision.refused) == 2
    assert "OTHER, 2017-03-02 10:00" in out[1]


def test_english_is_the_language_unless_another_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, json.dumps(good()))
    assert main([file, "--explain"]) == 0
    first = capsys.readouterr().out
    assert main(["--language=en", "--explain", file]) == 0
    assert capsys.readouterr().out == first
    assert "60 min refused" in first


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["a.json", "b.json"],
        ["a.json", "--language"],
        ["a.json", "--language", "fr"],
        ["a.json", "--language="],
        ["a.json", "--loud"],
        ["a.json", "-e"],
        ["--explain"],
        ["no/such/file.json"],
        ["no\0file"],
        ["."],
        ["a.json", "--explain=\nyes"],
    ],
)
def test_a_wrong_command_line_ends_with_2_and_one_line(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.endswith("\n")


def test_help_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.startswith("reckon FILE.json")


def test_half_a_character_pair_does_not_break_the_command(tmp_path: Path) -> None:
    doc = good()
    doc["presences"][0]["person"] = "A\ud800"
    file = written(tmp_path, json.dumps(doc))
    run = subprocess.run(
        [sys.executable, "-m", "samverk.reckoning", file],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert run.returncode == 0
    assert [line["person"] for line in json.loads(run.stdout)["lines"]] == ["A", "A\ud800"]


def test_the_command_starts_quickly_and_without_django(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(good()))
    began = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "samverk.reckoning", file],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert run.returncode == 0
    assert "django" not in run.stderr
    assert "samverk.reckoning.engine" in run.stderr
    assert time.perf_counter() - began < 2  # far above the usual 0.1 s: this runs beside other work
