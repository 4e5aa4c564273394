"""Every reason for which a minute can be refused, with the facts that explain it."""

from __future__ import annotations

from typing import Any

import pytest

from .examples import claim, judged, presence, refused, rules


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1, rows
    return rows[0]


def test_a_minute_outside_the_period_is_refused_alone() -> None:
    row = presence(starts="2017-02-28T23:30", minutes=60)
    decision = judged(row)
    assert only(decision["refused"]) == {
        "presence": "a1",
        "reason": "outside_period",
        "from": "2017-03-01",
        "to": "2017-03-31",
        "minutes": 30,
    }
    assert decision["totals"]["minutes"] == 30


def test_minutes_on_both_sides_of_the_period_are_one_row() -> None:
    row = presence(starts="2017-03-04T12:00", minutes=2880)
    assert only(refused(row, period={"from": "2017-03-05", "to": "2017-03-05"}))["minutes"] == 1440


def test_a_minute_outside_the_validity_of_the_rules_is_refused() -> None:
    row = presence(starts="2017-03-10T23:00", minutes=120)
    assert only(refused(row, rule_set=rules(valid_to="2017-03-10"))) == {
        "presence": "a1",
        "reason": "rule_not_valid",
        "valid_from": "2016-01-01",
        "valid_to": "2017-03-10",
        "minutes": 60,
    }


def test_rules_that_are_open_say_so() -> None:
    row = only(refused(presence(), rule_set=rules(valid_from="2017-03-03")))
    assert (row["valid_from"], row["valid_to"]) == ("2017-03-03", None)


@pytest.mark.parametrize("eligible", [["employee"], []])
def test_an_employment_that_is_not_eligible_is_refused(eligible: list[str]) -> None:
    row = only(refused(presence(employment="volunteer"), rule_set=rules(eligible_employment=eligible)))
    assert row == {
        "presence": "a1",
        "reason": "employment_not_eligible",
        "employment": "volunteer",
        "eligible": eligible,
        "minutes": 150,
    }


def test_without_a_rule_on_employment_everybody_is_eligible() -> None:
    assert refused(presence(employment="anything"), rule_set=rules(eligible_employment=None)) == []


def test_only_the_flags_that_hit_are_named() -> None:
    row = only(refused(presence(flags=["new", "paid_by_programme"])))
    assert row == {
        "presence": "a1",
        "reason": "excluded_role",
        "flags": ["paid_by_programme"],
        "minutes": 150,
    }


def test_a_flag_without_a_rule_excludes_nobody() -> None:
    assert refused(presence(flags=["new"])) == []


def test_weak_evidence_is_refused() -> None:
    row = only(refused(presence(evidence="scanned_list")))
    assert row == {
        "presence": "a1",
        "reason": "evidence_too_weak",
        "evidence": "scanned_list",
        "minimum": "signed_list",
        "minutes": 150,
    }


@pytest.mark.parametrize(
    ("asked", "given", "missing"),
    [
        ("person", [], ["person"]),
        ("person", ["employer"], ["person"]),
        ("person_and_employer", ["person"], ["employer"]),
        ("person_and_employer", [], ["person", "employer"]),
    ],
)
def test_time_that_is_not_attested_is_refused(asked: str, given: list[str], missing: list[str]) -> None:
    row = only(refused(presence(attested_by=given), rule_set=rules(attestation=asked)))
    assert row == {"presence": "a1", "reason": "not_attested", "missing": missing, "minutes": 150}


def test_too_short_a_stay_is_refused() -> None:
    row = only(refused(presence(), rule_set=rules(minimum_minutes=151)))
    assert row == {"presence": "a1", "reason": "too_short", "attended": 150, "minimum": 151, "minutes": 150}


def test_two_stays_in_one_session_are_long_enough_together() -> None:
    stays = [presence("a1", minutes=60), presence("a2", minutes=60, starts="2017-03-02T11:00")]
    assert refused(*stays, rule_set=rules(minimum_minutes=120)) == []


def test_minutes_attended_twice_are_attended_once() -> None:
    stays = [presence("a1", minutes=60), presence("a2", minutes=60, starts="2017-03-02T09:30")]
    rows = refused(*stays, rule_set=rules(minimum_minutes=120))
    assert [(row["reason"], row["attended"]) for row in rows] == [("too_short", 90), ("too_short", 90)]


def test_unproven_or_unattested_stays_do_not_help_to_be_long_enough() -> None:
    later = {"minutes": 60, "starts": "2017-03-02T11:00"}
    for weak in ({"evidence": "self_claim"}, {"attested_by": []}):
        stays = [presence("a1", minutes=60), presence("a2", **later, **weak)]
        rows = refused(*stays, rule_set=rules(minimum_minutes=120))
        assert rows[0]["reason"] == "too_short"
        assert rows[0]["attended"] == 60


def test_a_course_across_two_claims_is_judged_whole() -> None:
    stays = [
        presence("a1", minutes=720, planned_minutes=1800, starts="2017-03-02T00:00"),
        presence("a2", minutes=720, planned_minutes=1800, starts="2017-02-02T00:00", session="s0"),
    ]
    rows = refused(*stays, rule_set=rules(minimum_share="80"))
    assert [row["reason"] for row in rows] == ["outside_period"]


def test_too_small_a_group_is_refused() -> None:
    row = only(refused(presence(group_size=2), rule_set=rules(minimum_group=3)))
    assert row == {
        "presence": "a1",
        "reason": "group_too_small",
        "group_size": 2,
        "minimum": 3,
        "minutes": 150,
    }


def test_too_small_a_share_of_the_plan_is_refused_and_quotes_the_rule() -> None:
    row = only(refused(presence(), rule_set=rules(minimum_share="83.40")))
    assert row == {
        "presence": "a1",
        "reason": "share_too_low",
        "attended": 150,
        "planned": 180,
        "minimum": "83.40",
        "minutes": 150,
    }


def test_a_category_without_a_rate_has_no_fallback() -> None:
    row = only(refused(presence(category="expert")))
    assert row == {"presence": "a1", "reason": "no_rate", "category": "expert", "minutes": 150}


def test_a_new_rate_splits_a_presence_at_midnight() -> None:
    rates = [
        {"category": "default", "per_hour": "300.00", "valid_from": "2016-01-01", "valid_to": "2017-03-02"},
        {"category": "default", "per_hour": "310.00", "valid_from": "2017-03-04", "valid_to": None},
    ]
    row = presence(starts="2017-03-02T22:00", minutes=1800)
    decision = judged(row, rule_set=rules(rates=rates))
    assert [(line["minutes"], line["per_hour"]) for line in decision["lines"]] == [
        (120, "300.00"),
        (240, "310.00"),
    ]
    assert only(decision["refused"])["minutes"] == 1440


def test_equal_amounts_are_one_rate() -> None:
    rates = [
        {"category": "default", "per_hour": "300.00", "valid_from": "2016-01-01", "valid_to": "2017-03-02"},
        {"category": "default", "per_hour": "300", "valid_from": "2017-03-03", "valid_to": None},
    ]
    decision = judged(presence(starts="2017-03-02T23:30", minutes=60), rule_set=rules(rates=rates))
    line = only(decision["lines"])
    assert (line["minutes"], line["hours"], line["per_hour"]) == (60, "1", "300.00")


def test_time_claimed_in_the_same_programme_is_already_claimed_whatever_the_funding_line() -> None:
    row = only(refused(presence(), claims=[claim(programme="KCM", funding_line="another")]))
    assert row == {
        "presence": "a1",
        "reason": "already_claimed",
        "with": [{"programme": "KCM", "starts": "2017-03-02T10:00"}],
        "minutes": 60,
    }


def test_the_same_programme_wins_where_two_claims_cover_a_minute() -> None:
    earlier = [claim(minutes=60), claim(programme="KCM", starts="2017-03-02T10:30", minutes=30)]
    rows = refused(presence(), claims=earlier)
    assert [(row["reason"], row["minutes"]) for row in rows] == [("already_claimed", 30), ("overlap", 30)]
    assert [source["programme"] for source in rows[1]["with"]] == ["OTHER"]


def test_a_claim_of_somebody_else_or_without_times_covers_nothing() -> None:
    assert refused(presence(), claims=[claim(person="B"), claim(minutes=0, hours="100")]) == []


def test_the_presence_recorded_first_holds_the_minutes() -> None:
    rows = [presence("late", starts="2017-03-02T10:00"), presence("early", programme="SAS")]
    assert only(refused(*rows)) == {
        "presence": "early",
        "reason": "overlap",
        "with": [{"programme": "KCM", "starts": "2017-03-02T10:00", "presence": "late"}],
        "minutes": 90,
    }


def test_each_source_of_an_overlap_is_named_once() -> None:
    earlier = [claim(starts="2017-03-02T09:00", minutes=10), claim(starts="2017-03-02T09:00", minutes=20)]
    rows = [presence("a1", starts="2017-03-02T11:00", minutes=30), presence("a2")]
    row = only(refused(*rows, claims=earlier))
    assert row["minutes"] == 50
    assert row["with"] == [
        {"programme": "OTHER", "starts": "2017-03-02T09:00"},
        {"programme": "KCM", "starts": "2017-03-02T11:00", "presence": "a1"},
    ]


def test_a_claim_within_another_takes_its_minutes_only_once() -> None:
    earlier = [claim(starts="2017-03-02T09:00", minutes=120), claim(starts="2017-03-02T09:30", minutes=10)]
    row = only(refused(presence(), claims=earlier))
    assert row["minutes"] == 120
    assert len(row["with"]) == 2


def test_what_is_refused_takes_nothing_from_others() -> None:
    rows = [presence("a1", evidence="self_claim"), presence("a2")]
    decision = judged(*rows)
    assert [row["reason"] for row in decision["refused"]] == ["evidence_too_weak"]
    assert only(decision["lines"])["presences"] == ["a2"]


def test_minutes_over_a_cap_still_hold_their_time() -> None:
    rows = [presence("a1", minutes=60), presence("a2", minutes=60)]
    decision = judged(*rows, rule_set=rules(caps=[{"per": "person_year", "hours": "0"}]))
    assert [(row["presence"], row["reason"]) for row in decision["refused"]] == [
        ("a1", "cap_reached"),
        ("a2", "overlap"),
    ]


def test_the_last_minutes_by_start_are_over_the_cap_not_the_last_recorded() -> None:
    rows = [presence("late", starts="2017-03-05T09:00"), presence("early", starts="2017-03-02T09:00")]
    decision = judged(*rows, rule_set=rules(caps=[{"per": "person_year", "hours": "3"}]))
    assert only(decision["refused"]) == {
        "presence": "late",
        "reason": "cap_reached",
        "per": "person_year",
        "year": 2017,
        "cap_minutes": 180,
        "claimed_minutes": 0,
        "minutes": 120,
    }


def test_of_presences_that_start_together_the_first_recorded_counts_first() -> None:
    rows = [presence("b", person="B", minutes=60), presence("a", person="A", minutes=60)]
    decision = judged(*rows, rule_set=rules(caps=[{"per": "funding_line", "hours": "1"}]))
    assert only(decision["refused"])["presence"] == "a"


def test_a_long_stay_that_began_first_counts_whole_before_one_that_began_within_it() -> None:
    rows = [
        presence("within", person="B", minutes=60, starts="2017-03-03T09:00"),
        presence("long", person="A", minutes=2880, starts="2017-03-02T12:00"),
    ]
    decision = judged(*rows, rule_set=rules(caps=[{"per": "funding_line", "hours": "48"}]))
    assert only(decision["refused"])["presence"] == "within"


def test_of_several_full_caps_the_first_in_the_list_is_named() -> None:
    caps = [{"per": "organisation_period", "hours": "2"}, {"per": "person_year", "hours": "1"}]
    rows = [presence("a1", minutes=120), presence("b1", person="B", minutes=90)]
    named = [
        (row["presence"], row["per"], row["minutes"]) for row in refused(*rows, rule_set=rules(caps=caps))
    ]
    # B's last half hour finds both full: an hour of A and one of B have used what the organisation had.
    assert named == [("a1", "person_year", 60), ("b1", "organisation_period", 30)]
    caps.reverse()
    named = [
        (row["presence"], row["per"], row["minutes"]) for row in refused(*rows, rule_set=rules(caps=caps))
    ]
    assert named == [("a1", "person_year", 60), ("b1", "person_year", 30)]


def test_a_cap_of_each_year_splits_at_new_year() -> None:
    row = presence(starts="2016-12-31T22:00", minutes=240)
    caps = [{"per": "person_year", "hours": "1"}]
    rows = refused(row, rule_set=rules(caps=caps), period={"from": "2016-12-01", "to": "2017-01-31"})
    assert [(row["year"], row["minutes"]) for row in rows] == [(2016, 60), (2017, 60)]


def test_each_presence_is_held_against_its_own_contract_share() -> None:
    rows = [
        presence("a1", minutes=60, contract_share="1"),
        presence("a2", minutes=60, contract_share="0.5", starts="2017-03-03T09:00"),
    ]
    row = only(refused(*rows, rule_set=rules(caps=[{"per": "person_year", "hours": "2"}])))
    assert (row["presence"], row["cap_minutes"], row["minutes"]) == ("a2", 60, 60)


@pytest.mark.parametrize(
    ("per", "earlier", "room"),
    [
        ("person_year", claim(starts="2017-11-01T10:00", programme="ANY"), 60),
        ("person_year", claim(starts="2016-11-01T10:00"), 120),
        ("person_year", claim(starts="2017-11-01T10:00", person="B"), 120),
        ("person_period", claim(starts="2017-03-31T10:00"), 0),
        ("person_period", claim(starts="2017-04-01T10:00"), 10),
        ("organisation_period", claim(starts="2017-03-31T10:00", person="B", funding_line="f1"), 60),
        ("organisation_period", claim(starts="2017-03-31T10:00", person="B", funding_line="f2"), 120),
        ("organisation_period", claim(starts="2017-04-01T10:00", person="B", funding_line="f1"), 120),
        (
            "organisation_period",
            claim(starts="2017-03-31T10:00", funding_line="f1", organisation="o8"),
            120,
        ),
        ("funding_line", claim(starts="2015-03-31T10:00", person="B", funding_line="f1"), 60),
        ("funding_line", claim(starts="2015-03-31T10:00", person="B", funding_line="f2"), 120),
    ],
)
def test_earlier_claims_use_the_cap_they_belong_to(per: str, earlier: dict[str, Any], room: int) -> None:
    rule_set = rules(caps=[{"per": per, "hours": "2"}])
    decision = judged(presence(minutes=150), rule_set=rule_set, claims=[earlier], funding_line="f1")
    assert decision["totals"]["minutes"] == room


def test_earlier_hours_are_rounded_up_to_minutes_and_caps_down() -> None:
    earlier = [claim(minutes=0, hours="0.51"), claim(minutes=0, hours="0.51")]
    rule_set = rules(caps=[{"per": "person_year", "hours": "1.99"}])
    row = only(refused(presence(), rule_set=rule_set, claims=earlier))
    assert (row["cap_minutes"], row["claimed_minutes"], row["minutes"]) == (119, 62, 93)


def test_a_part_of_a_month_is_its_days_of_that_month() -> None:
    rule_set = rules(caps=[{"per": "person_period", "hours": "1200"}])
    period = {"from": "2017-02-15", "to": "2017-03-31"}
    row = only(refused(presence(starts="2017-03-01T00:00", minutes=10000), rule_set=rule_set, period=period))
    assert row["cap_minutes"] == 9000  # 1,200 h / 12 × (14/28 + 1) = 150 h


def test_the_first_step_that_refuses_wins() -> None:
    wrong_in_all = presence(
        starts="2018-01-01T09:00", employment="none", flags=["paid_by_programme"], evidence="head_count"
    )
    assert only(refused(wrong_in_all))["reason"] == "outside_period"
    later_steps = presence(employment="none", flags=["paid_by_programme"], evidence="head_count")
    assert only(refused(later_steps))["reason"] == "employment_not_eligible"


@pytest.mark.parametrize(
    ("unit", "mode", "minutes", "hours"),
    [
        ("hour", "down", 119, "1"),
        ("hour", "nearest", 89, "1"),
        ("hour", "nearest", 90, "2"),
        ("hour", "up", 61, "2"),
        ("half_hour", "down", 119, "1.5"),
        ("half_hour", "nearest", 105, "2"),
        ("quarter_hour", "up", 61, "1.25"),
        ("quarter_hour", "down", 59, "0.75"),
        ("minute", "up", 61, "1.0167"),
        ("minute", "down", 50, "0.8333"),
    ],
)
def test_hours_are_rounded_as_the_rule_says(unit: str, mode: str, minutes: int, hours: str) -> None:
    rule_set = rules(rounding={"unit": unit, "mode": mode, "per": "person_month"})
    assert only(judged(presence(minutes=minutes), rule_set=rule_set)["lines"])["hours"] == hours


def test_a_line_that_rounds_to_nothing_is_still_a_line() -> None:
    line = only(judged(presence(minutes=59))["lines"])
    assert (line["minutes"], line["hours"], line["amount"]) == (59, "0", "0.00")


def test_each_employer_certifies_its_own_line() -> None:
    rows = [
        presence("a1", minutes=90),
        presence("a2", minutes=90, organisation="o8", starts="2017-03-03T09:00"),
    ]
    decision = judged(*rows)
    assert [(line["organisation"], line["hours"]) for line in decision["lines"]] == [("o7", "1"), ("o8", "1")]
    assert decision["totals"]["hours"] == "2"


def test_a_line_of_the_whole_period_has_no_month() -> None:
    rows = [presence("a1", minutes=90, starts="2017-02-02T09:00"), presence("a2", minutes=90)]
    rule_set = rules(rounding={"unit": "hour", "mode": "down", "per": "person_period"})
    decision = judged(*rows, rule_set=rule_set, period={"from": "2017-02-01", "to": "2017-03-31"})
    line = only(decision["lines"])
    assert (line["month"], line["hours"]) == (None, "3")


def test_the_amount_uses_exact_hours_not_the_shown_ones() -> None:
    rule_set = rules(rounding={"unit": "hour", "mode": "down", "per": "none"})
    rows = [presence(f"a{n}", minutes=20, person=f"P{n}", starts="2017-03-02T09:00") for n in range(3)]
    decision = judged(*rows, rule_set=rule_set)
    assert {(line["hours"], line["amount"]) for line in decision["lines"]} == {("0.3333", "100.00")}
    assert decision["totals"] == {"minutes": 60, "hours": "1", "amount": "300.00"}


@pytest.mark.parametrize(
    ("unit", "mode", "amount"),
    [
        ("0.01", "half_up", "166.67"),
        ("0.01", "down", "166.66"),
        ("1", "up", "167"),
        ("0.10", "half_up", "166.70"),
        ("5", "half_up", "165"),
        ("0.3", "up", "166.8"),
        ("0.0000000001", "down", "166.6666666666"),
    ],
)
def test_amounts_are_multiples_of_their_unit_and_written_like_it(unit: str, mode: str, amount: str) -> None:
    rule_set = rules(
        rounding={"unit": "minute", "mode": "down", "per": "person_month"},
        rates=[{"category": "default", "per_hour": "100", "valid_from": "2016-01-01", "valid_to": None}],
        amount_rounding={"unit": unit, "mode": mode},
    )
    decision = judged(presence(minutes=100), rule_set=rule_set)
    assert only(decision["lines"])["amount"] == amount
    assert decision["totals"]["amount"] == amount


def test_large_rates_lose_no_digit() -> None:
    rates = [
        {
            "category": "default",
            "per_hour": "999999999999.9999999999",
            "valid_from": "2016-01-01",
            "valid_to": None,
        }
    ]
    rule_set = rules(rates=rates, amount_rounding={"unit": "0.0000000001", "mode": "down"})
    decision = judged(presence(minutes=10080, starts="2017-03-02T00:00"), rule_set=rule_set)
    assert decision["totals"]["amount"] == "167999999999999.9999999832"


def test_nothing_in_gives_nothing_out() -> None:
    assert judged() == {
        "rule_set": "SE-ESF@2016-02",
        "currency": "SEK",
        "lines": [],
        "refused": [],
        "totals": {"minutes": 0, "hours": "0", "amount": "0.00"},
    }
