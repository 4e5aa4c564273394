"""The shell: files in, JSON out; 2 with file, row, column and reason; 3 with the rules that cannot hold."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest

from samverk.__main__ import main

from . import examples


@pytest.fixture
def people(tmp_path):
    return write(tmp_path / "people.csv", examples.crowd(24))


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def run(capsys, *argv):
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def test_seat_prints_every_figure_it_promises(people, capsys):
    code, out, _err = run(capsys, "seat", people, "--tables", 4, "--rounds", 2, "--mix", "sector,experience:2",
                          "--effort", "quick", "--json")  # fmt: skip
    answer = json.loads(out)
    assert code == 0
    promised = "seating value random_mean repeats new_pairs new_cross_pairs violations kernel seed effort seconds " \
               "truncated tables people"  # fmt: skip
    assert set(promised.split()) <= set(answer)
    assert [len(tables) for tables in answer["seating"]] == [4, 4]
    assert answer["violations"] == [] and answer["seed"] == 1 and answer["effort"] == "quick"
    assert set(answer["tables"][0]) == {"round", "table", "counts", "mean_distance", "percentile"}


def test_the_answer_is_the_same_however_the_rows_stand(people, tmp_path, capsys):
    turned = write(tmp_path / "turned.csv", examples.crowd(24)[::-1])
    answers = []
    for name in (people, turned, people):
        _code, out, _err = run(capsys, "seat", name, "--tables", 4, "--effort", "quick", "--json")
        answer = json.loads(out)
        answer.pop("seconds")
        answers.append(json.dumps(answer))
    assert answers[0] == answers[1] == answers[2]


def test_plain_text_says_the_figures_first(people, capsys):
    code, out, _err = run(
        capsys, "seat", people, "--tables", 4, "--effort", "quick", "--prices", "--apart", "organisation"
    )
    assert code == 0
    assert out.startswith("24 people, 4 tables, 1 rounds: 60 new pairs")
    assert "Table 4:" in out and "Without the rule apart:" in out


def test_impossible_rules_end_with_3_and_the_smallest_set(people, tmp_path, capsys):
    pairs = write(tmp_path / "pairs.csv", [{"a": "p001", "b": "p002"}])
    code, out, err = run(
        capsys, "seat", people, "--tables", 4, "--keep-apart", pairs, "--keep-together", pairs, "--json"
    )
    answer = json.loads(out)
    assert code == 3
    assert [one["rule"] for one in answer["violations"]] == ["together", "apart"]
    assert answer["violations"][0]["people"] == ["p001", "p002"]
    assert "p001 and p002 sit together; p001 and p002 sit apart" in err


def bad(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("name\nAda\n", "column id: is missing"),
        ("id,name\n", "has no people"),
        ("id,name\na,Ada\na,Bo\n", "row 3, column id: a stands in row 2 already"),
        ("id,name\n,Ada\n", "row 2, column id: is empty"),
        ("id,age:ordinal\na,old\n", "row 2, column age: must be a number, not old"),
        ("id,age:round\na,1\n", "only ordinal may stand"),
        ("id,x,x\na,1,2\n", "column x: stands twice"),
        ("id,,x\na,1,2\n", "column 2 has no name"),
        ("id,x\na,1,2\n", "row 2: has 3 cells under 2 columns"),
        ('id,x\na,"open\n', "row 2: cannot be read as CSV"),
        (b"id,x\na,\xff\n", "row 2: is not UTF-8 text"),
        ("id,x\na,\0\n", "holds a character that is no text"),
    ],
)
def test_a_wrong_list_ends_with_2_and_says_where(text, says, tmp_path, capsys):
    code, out, err = run(capsys, "seat", bad(tmp_path, "people.csv", text), "--tables", 2)
    assert (code, out) == (2, "")
    assert says in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "--tables"),
        (["--tables", "0"], "must be a whole number from 1"),
        (["--tables", "two"], "must be a whole number"),
        (["--tables", "2", "--mix", "colour"], "column colour: --mix names it"),
        (["--tables", "2", "--mix", "sector:0"], "a weight is a whole number"),
        (["--tables", "2", "--mix", "sector,sector:2"], "stands twice"),
        (["--tables", "2", "--apart", "colour"], "--apart names it"),
        (["--tables", "2", "--languages", "colour"], "--languages names it"),
        (["--tables", "2", "--effort", "endless"], "--effort"),
        (["--tables", "2", "--time-limit", "0"], "must be seconds"),
        (["--tables", "2", "--met", "nowhere.csv"], "cannot be read"),
        (["--tables", "2", "--colour"], "--colour"),
    ],
)
def test_a_wrong_option_ends_with_2(options, says, people, capsys):
    code, out, err = run(capsys, "seat", people, *options)
    assert (code, out) == (2, "")
    assert says in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        ("--keep-apart", "a,b\np001,nobody\n", "row 2, column b: nobody is not among the people"),
        ("--keep-apart", "a,b\np001,p001\n", "the two are the same"),
        ("--met", "a,b,times\np001,p002,often\n", "row 2, column times: must be a whole number"),
        ("--met", "a,b,times\np001,p002,-1\n", "column times"),
        ("--fixed", "id,round,table\np001,2,1\n", "column round"),
        ("--fixed", "id,round,table\np001,1,9\n", "column table"),
        ("--fixed", "id,round,table\np001,1,1\np001,1,2\n", "has table 1 in round 1 already"),
        ("--table-languages", "table,language\n1,sv\n", "needs --languages"),
    ],
)
def test_a_wrong_list_of_rules_ends_with_2_and_says_where(option, text, says, people, tmp_path, capsys):
    code, out, err = run(capsys, "seat", people, "--tables", 4, option, bad(tmp_path, "rules.csv", text))
    assert (code, out) == (2, "")
    assert says in err


def test_who_met_earlier_may_be_absent_today(people, tmp_path, capsys):
    met = bad(tmp_path, "met.csv", "a,b,times\np001,gone,2\np001,p002,1\n")
    code, out, _err = run(capsys, "seat", people, "--tables", 4, "--met", met, "--effort", "quick", "--json")
    assert code == 0
    assert json.loads(out)["repeats"] == 0


def test_a_list_from_a_swedish_spreadsheet_is_read_too(tmp_path, capsys):
    text = "\ufeffid;name;år:ordinal\r\na;Åsa;1,5\r\nb;Ørjan;2\r\nc;Łucja;\r\nd;D;9\r\n"
    code, out, _err = run(capsys, "seat", bad(tmp_path, "p.csv", text), "--tables", 2, "--effort", "quick")
    assert code == 0 and "Åsa" in out


def test_match_prints_every_figure_it_promises(tmp_path, capsys):
    mentors = bad(tmp_path, "m.csv", "id,places,topics\nm1,1,finance:3\nm2,1,boards\n")
    organisations = bad(tmp_path, "o.csv", "id,topics\no1,finance\no2,finance|boards\no3,law\n")
    code, out, _err = run(capsys, "match", mentors, organisations, "--json")
    answer = json.loads(out)
    assert code == 0
    assert {"pairs", "score", "bound", "unserved", "blocking_pairs"} <= set(answer)
    assert set(answer["pairs"][0]) == {"mentor", "organisation", "score", "parts", "why_not"}
    assert answer["unserved"][0]["organisation"] == "o3"
    code, out, _err = run(capsys, "match", mentors, organisations, "--mode", "stable")
    assert code == 0 and "0 blocking pairs" in out


def test_given_scores_replace_the_visible_ones(tmp_path, capsys):
    mentors = bad(tmp_path, "m.csv", "id,places\nm1,1\nm2,1\n")
    organisations = bad(tmp_path, "o.csv", "id\no1\no2\n")
    scores = bad(tmp_path, "s.csv", "mentor,organisation,score\nm1,o1,900\nm1,o2,850\nm2,o1,800\n")
    code, out, _err = run(capsys, "match", mentors, organisations, "--scores", scores, "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["score"], answer["bound"]) == (1650, 1650)
    assert {(pair["organisation"], pair["mentor"]) for pair in answer["pairs"]} == {
        ("o1", "m2"),
        ("o2", "m1"),
    }


@pytest.mark.parametrize(
    ("mentors", "scores", "says"),
    [
        ("id,places\nm1,many\n", None, "row 2, column places: must be a whole number"),
        ("id\nm1\n", None, "column places: is missing"),
        ("id,places,topics\nm1,1,law:9\n", None, "row 2, column topics: law:9: a level is 1, 2 or 3"),
        ("id,places,prefers\nm1,1,o9\n", None, "column prefers: o9 is not in the other file"),
        ("id,places\nm1,1\n", "mentor,organisation,score\nm2,o1,5\n", "m2 is not among the mentors"),
        ("id,places\nm1,1\n", "mentor,organisation,score\nm1,o1,1001\n", "from 0 to 1000"),
    ],
)
def test_wrong_lists_for_matching_end_with_2(mentors, scores, says, tmp_path, capsys):
    argv = [bad(tmp_path, "m.csv", mentors), bad(tmp_path, "o.csv", "id\no1\n")]
    argv += ["--scores", bad(tmp_path, "s.csv", scores)] if scores else []
    code, out, err = run(capsys, "match", *argv)
    assert (code, out) == (2, "")
    assert says in err


def test_seating_starts_without_django_and_knows_nothing_of_it():
    code = "import sys; import samverk.seating.shell.seat, samverk.seating.shell.match; print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
