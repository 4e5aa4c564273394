"""The worked examples everybody can check by hand, F1 to F15."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from samverk.reckoning import (
    assessment,
    attended,
    de_minimis,
    flat_rates,
    gap,
    lessons,
    login_log,
    participants,
    public_support,
    retention,
    salary,
    volunteering,
    working_time,
)
from samverk.reckoning.de_minimis import Grant, judge_grant
from samverk.reckoning.exact import CENT, short
from samverk.reckoning.participants import Participant

from .examples import claim, document, judge, judged, presence, rules

D = Decimal
YEAR_2017 = {"from": "2017-01-01", "to": "2017-12-31"}


def test_the_example_of_the_specification() -> None:
    rule_set = rules(code="SE-ESF-2014-PO1", caps=[{"per": "person_year", "hours": "1662"}])
    assert judged(presence(), rule_set=rule_set, claims=[claim()]) == {
        "rule_set": "SE-ESF-2014-PO1@2016-02",
        "currency": "SEK",
        "lines": [
            {
                "person": "A",
                "organisation": "o7",
                "month": "2017-03",
                "category": "default",
                "minutes": 90,
                "hours": "1",
                "per_hour": "300.00",
                "amount": "300.00",
                "presences": ["a1"],
            }
        ],
        "refused": [
            {
                "presence": "a1",
                "reason": "overlap",
                "with": [{"programme": "OTHER", "starts": "2017-03-02T10:00"}],
                "minutes": 60,
            }
        ],
        "totals": {"minutes": 90, "hours": "1", "amount": "300.00"},
    }


def month_of_three() -> list[dict[str, Any]]:
    stays = [("A", 150), ("A", 195), ("A", 90), ("B", 360), ("B", 360), ("B", 225), ("C", 45)]
    return [
        presence(f"p{day}", person=who, minutes=minutes, session=f"s{day}", starts=f"2017-03-{day:02d}T09:00")
        for day, (who, minutes) in enumerate(stays, start=1)
    ]


@pytest.mark.parametrize(
    ("per", "hours", "amount"), [("person_month", "22", "6600.00"), ("session", "21", "6300.00")]
)
def test_f1_unit_cost_depends_on_what_is_rounded_down(per: str, hours: str, amount: str) -> None:
    rounding = {"unit": "hour", "mode": "down", "per": per}
    totals = judged(*month_of_three(), rule_set=rules(rounding=rounding))["totals"]
    assert totals == {"minutes": 1425, "hours": hours, "amount": amount}


def test_f1_hours_by_person() -> None:
    by_person = {line["person"]: line["hours"] for line in judged(*month_of_three())["lines"]}
    assert by_person == {"A": "7", "B": "15", "C": "0"}


def test_f2_salary_cost_and_the_point_of_rounding() -> None:
    cost = salary.annual_cost(D(38000), D("31.42"))
    assert cost == D("599275.20")
    rate = salary.hourly_cost(cost)
    assert short(rate, 5) == "348.41581"
    assert salary.cost_of(7, rate) == D("2438.91")
    assert salary.cost_of(7, rate, rate_unit=CENT) == D("2438.94")


def test_f2_part_time_costs_the_same_an_hour() -> None:
    cost = salary.annual_cost(D(38000), D("31.42"))
    hours = salary.yearly_hours(D("0.6"))
    assert hours == 1032
    assert salary.hourly_cost(cost * 6 / 10, hours) == salary.hourly_cost(cost)


def test_f3_gap_hours_and_proof() -> None:
    missing = gap.gap(D(7685106), D(5891597))
    assert missing == 1793509
    assert gap.gap_percent(D(7685106), D(5891597)) == D("23.34")
    assert gap.hours_needed(missing, D(300)) == 5979
    assert gap.proven_percent(D(3120 * 300), missing) == D("52.19")
    assert gap.gap(D(100), D(120)) == 0
    assert gap.proven_percent(D(0), D(0)) == 100


def hours(total: int, share: str = "1", month: int = 1, start: int = 1, **more: Any) -> list[dict[str, Any]]:
    """So many hours in days of ten, from one day on."""
    rows = []
    for number in range(0, total, 10):
        day, half = divmod(number // 10 + start - 1, 2)
        moment = date(2017, month, 1).toordinal() + day
        starts = f"{date.fromordinal(moment).isoformat()}T{'12' if half else '00'}:00"
        rows.append(
            presence(
                f"h{number}-{start}",
                starts=starts,
                minutes=600,
                session=f"s{number}",
                contract_share=share,
                **more,
            )
        )
    return rows


def test_f4_part_time_lowers_the_cap_of_a_year() -> None:
    rule_set = rules(caps=[{"per": "person_year", "hours": "1720"}])
    decision = judged(*hours(1040, share="0.6"), rule_set=rule_set, period=YEAR_2017)
    assert decision["totals"]["hours"] == "1032"
    facts = {"per": "person_year", "year": 2017, "cap_minutes": 1032 * 60, "claimed_minutes": 0}
    assert [{key: row[key] for key in ("reason", "minutes", *facts)} for row in decision["refused"]] == [
        {"reason": "cap_reached", "minutes": 480, **facts}
    ]


def test_f4_six_months_full_time_is_half_the_cap() -> None:
    rule_set = rules(caps=[{"per": "person_period", "hours": "1720"}])
    period = {"from": "2017-01-01", "to": "2017-06-30"}
    decision = judge(document(*hours(870), rule_set=rule_set, period=period))
    assert decision.totals.hours == 860
    assert [(row.minutes, row.facts["cap_minutes"], row.facts["year"]) for row in decision.refused] == [
        (600, 860 * 60, None)
    ]


def test_f4_of_three_programmes_the_last_one_declared_loses_30_hours() -> None:
    rule_set = rules(caps=[{"per": "person_year", "hours": "1720"}])
    earlier = [
        claim(programme="P1", starts="2017-01-31T00:00", minutes=0, hours="900"),
        claim(programme="P2", starts="2017-06-30T00:00", minutes=0, hours="700"),
    ]
    decision = judge(
        document(*hours(150, programme="P3"), rule_set=rule_set, claims=earlier, period=YEAR_2017)
    )
    assert decision.totals.hours == 120
    assert sum(row.minutes for row in decision.refused) == 30 * 60
    assert {row.reason for row in decision.refused} == {"cap_reached"}


def test_f5_swedish_working_time() -> None:
    assert working_time.yearly_cap() == 1662
    assert working_time.working_months() == D("10.71")
    assert working_time.working_months(3) == D("32.13")


def test_f6_flat_rates() -> None:
    assert flat_rates.other_costs(D(100000)) == 40000
    assert flat_rates.with_other_costs(D(100000)) == 140000
    assert flat_rates.with_other_costs(D(100000), allowances=D(12000)) == 152000
    assert flat_rates.indirect_from_staff(D(100000)) == 15000
    staff = flat_rates.staff_from_other_direct(D(250000))
    assert staff == 50000
    assert flat_rates.indirect_from_direct(D(250000), staff) == 21000


def test_f7_support_may_not_pay_for_what_was_given_in_kind() -> None:
    assert public_support.over_ceiling(D(1000000), D(250000), D(766600)) == 16600
    assert public_support.over_ceiling(D(1000000), D(250000), D(750000)) == 0
    assert public_support.support_ceiling(D(7685106), D(1793509)) == 5891597


def test_f8_volunteers_at_two_rates() -> None:
    assert volunteering.value_of([(D(14), D(25)), (D(6), D(75))]) == 800


@pytest.mark.parametrize(("minutes", "reasons"), [(1440, []), (1425, ["share_too_low"])])
def test_f9_four_fifths_of_a_course_of_30_hours(minutes: int, reasons: list[str]) -> None:
    row = presence(minutes=minutes, planned_minutes=1800, starts="2017-03-02T00:00")
    decision = judged(row, rule_set=rules(minimum_share="80"))
    assert [refusal["reason"] for refusal in decision["refused"]] == reasons


def test_f9_is_compared_without_rounding() -> None:
    assert attended.attended_enough(1440, 1800, D(80))
    assert not attended.attended_enough(1425, 1800, D(80))
    assert not attended.attended_enough(7_999_999, 10_000_000, D(80))
    assert attended.attended_percent(7_999_999, 10_000_000) == 80
    assert attended.attended_percent(1425, 1800) == D("79.17")


def test_f10_teaching_hours_are_shorter_than_clock_hours() -> None:
    assert lessons.clock_hours(8) == 6
    assert lessons.lessons_in(6) == 8
    rule_set = rules(hour_minutes=45)
    assert judged(presence(minutes=90), rule_set=rule_set)["totals"]["hours"] == "2"
    assert judged(presence(minutes=360), rule_set=rule_set)["totals"]["hours"] == "8"


THREE_GRANTS = [
    Grant("u", date(2023, 12, 1), D(60000)),
    Grant("u", date(2025, 2, 10), D(120000)),
    Grant("u", date(2026, 5, 3), D(90000)),
]


def test_f11_a_service_is_aid_worth_its_value() -> None:
    value = de_minimis.service_value(D(12), D(180))
    assert value == 2160
    assert de_minimis.in_euro(value, D("4.2567")) == D("507.44")


def test_f11_aid_over_the_ceiling_is_refused_until_the_first_grant_leaves_the_window() -> None:
    too_early = judge_grant(Grant("u", date(2026, 11, 20), D(40000)), THREE_GRANTS)
    assert (too_early.allowed, too_early.total, too_early.window_from) == (False, 310000, date(2023, 11, 20))
    later = judge_grant(Grant("u", date(2026, 12, 2), D(40000)), THREE_GRANTS)
    assert (later.allowed, later.total) == (True, 250000)
    assert de_minimis.free_from(Grant("u", date(2026, 11, 20), D(40000)), THREE_GRANTS) == date(2026, 12, 2)


def test_f11_aid_of_the_same_date_three_years_ago_still_counts() -> None:
    assert not judge_grant(Grant("u", date(2026, 12, 1), D(40000)), THREE_GRANTS).allowed


def test_f11_undertakings_linked_through_others_count_as_one() -> None:
    others = [Grant("mother", date(2026, 1, 1), D(200000)), Grant("stranger", date(2026, 1, 1), D(200000))]
    links = [("u", "holding"), ("holding", "mother"), ("x", "stranger")]
    new = Grant("u", date(2026, 2, 1), D(150000))
    assert judge_grant(new, others).allowed
    assert judge_grant(new, others, links).total == 350000
    assert not judge_grant(new, others, links).allowed


def test_f11_a_grant_entered_late_may_not_overfill_a_later_window() -> None:
    known = [Grant("u", date(2026, 6, 1), D(290000))]
    answer = judge_grant(Grant("u", date(2026, 1, 1), D(20000)), known)
    assert (answer.allowed, answer.total) == (False, 310000)


def test_f11_a_grant_above_the_ceiling_never_fits() -> None:
    assert de_minimis.free_from(Grant("u", date(2026, 1, 1), D(300001)), []) is None
    assert judge_grant(Grant("u", date(2026, 1, 1), D(300000)), []).allowed


def test_f11_the_window_of_a_leap_day_is_cautious() -> None:
    assert de_minimis.window_start(date(2028, 2, 29)) == date(2025, 2, 28)
    leap = [Grant("u", date(2024, 2, 29), D(300000))]
    assert de_minimis.free_from(Grant("u", date(2026, 1, 1), D(1)), leap) == date(2027, 3, 1)


START = date(2026, 3, 2)
SIX_PEOPLE = [
    Participant("P1", START, "F", date(1999, 4, 10), "employed", 6, degurba=3, disability="not_stated"),
    Participant("P2", START, "M", date(1968, 1, 15), "unemployed", 3, unemployed_months=14),
    Participant("P3", START, "F", date(2008, 5, 20), "inactive", 2),
    Participant("P4", START, "F", date(1971, 3, 2), "employed", 7, foreign_background="yes"),
    Participant("P5", START, "X", date(1990, 9, 9), "employed", 4, third_country="yes"),
    Participant("P6", START, "M", date(1985, 1, 1), None, 6),
]


def test_f12_common_indicators_of_six_people() -> None:
    result = participants.indicators(SIX_PEOPLE)
    assert {code: count.total for code, count in result.counts.items()} == {
        "EECO01": 6,
        "EECO02": 1,
        "EECO03": 1,
        "EECO04": 1,
        "EECO05": 3,
        "EECO06": 1,
        "EECO07": 1,
        "EECO08": 2,
        "EECO09": 1,
        "EECO10": 2,
        "EECO11": 2,
        "EECO12": 0,
        "EECO13": 1,
        "EECO14": 1,
        "EECO15": 0,
        "EECO16": 0,
        "EECO17": 1,
    }
    everybody = result.counts["EECO01"]
    assert (everybody.women, everybody.men, everybody.non_binary) == (3, 2, 1)
    assert result.counts["EECO12"].not_stated == ["P1"]
    assert result.incomplete.ids == ["P6"]
    assert result.adds_up()


def test_f12_a_figure_opens_to_its_people() -> None:
    counts = participants.indicators(SIX_PEOPLE).counts
    assert counts["EECO08"].ids == ["P2", "P4"]
    assert counts["EECO11"].ids == ["P1", "P4"]


def test_f12_a_birthday_on_the_start_date_counts_and_a_day_later_does_not() -> None:
    assert participants.age_at(date(1971, 3, 2), START) == 55
    assert participants.age_at(date(1971, 3, 3), START) == 54


def test_f12_unemployed_of_unknown_length_and_unknown_sex_are_incomplete() -> None:
    people = [
        Participant("P7", START, "M", date(1980, 1, 1), "unemployed", 3),
        Participant("P8", START, None, date(1980, 1, 1), "employed", 3),
    ]
    result = participants.indicators(people)
    assert result.incomplete.ids == ["P7", "P8"]
    assert result.counts["EECO01"].unknown == 1
    assert result.adds_up()


def test_f12_a_programme_may_ask_for_more_before_a_record_is_complete() -> None:
    result = participants.indicators(SIX_PEOPLE, required=("sex", "born", "status", "isced", "degurba"))
    assert result.incomplete.total == 5


def test_f12_entities_count_once_each() -> None:
    kinds = [("o1", "small_enterprise"), ("o2", "public_body"), ("o1", "small_enterprise"), ("o3", "party")]
    assert participants.supported_entities(kinds) == {"EECO18": ["o2"], "EECO19": ["o1"]}


def test_f13_papers_are_kept_until_the_latest_rule() -> None:
    paid = retention.after_last_payment(date(2026, 3, 12))
    assert paid == date(2031, 12, 31)
    aid = retention.after_aid(date(2026, 5, 3))
    assert aid == date(2036, 12, 31)
    assert retention.keep_until([paid, aid]) == date(2036, 12, 31)
    assert retention.after_last_payment(date(2026, 12, 31)) == date(2031, 12, 31)
    assert retention.after_last_payment(date(2027, 1, 2)) == date(2032, 12, 31)


def test_f13_a_hold_has_no_end_and_fiscal_years_may_end_in_summer() -> None:
    assert retention.keep_until([date(2031, 12, 31)], held=True) is None
    assert retention.keep_until([]) is None
    assert retention.after_aid(date(2026, 5, 3), fiscal_year_ends=(6, 30)) == date(2036, 6, 30)
    assert retention.after_aid(date(2026, 12, 31)) == date(2036, 12, 31)
    assert retention.after_aid(date(2026, 7, 1), fiscal_year_ends=(6, 30)) == date(2037, 6, 30)


def domains(*scores: str) -> dict[str, Decimal]:
    return {f"domain {place}": D(score) for place, score in enumerate(scores)}


BASELINE = domains("2.0", "1.5", "2.5", "3.0", "1.0", "2.0")
FOLLOW_UP = domains("2.5", "2.5", "2.5", "3.0", "2.0", "2.5")


def test_f14_capacity_increased() -> None:
    assert str(assessment.mean(BASELINE)) == "2.00"
    assert str(assessment.mean(FOLLOW_UP)) == "2.50"
    assert assessment.capacity_increased(BASELINE, FOLLOW_UP)


def test_f14_one_domain_down_or_too_small_a_step_is_no_increase() -> None:
    assert not assessment.capacity_increased(BASELINE, {**FOLLOW_UP, "domain 3": D("2.9")})
    assert not assessment.capacity_increased(BASELINE, {**BASELINE, "domain 0": D("2.4")})
    with pytest.raises(ValueError, match="same domains"):
        assessment.capacity_increased(BASELINE, domains("1"))
    with pytest.raises(ValueError, match="at least one"):
        assessment.mean({})


def clock(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{text}")


def test_f15_overlapping_logins_are_one_stay() -> None:
    log = [("09:00", "10:20"), ("10:15", "11:00"), ("11:30", "12:00")]
    stays = [(clock(start), clock(end)) for start, end in log]
    session = (clock("09:00"), clock("12:00"))
    assert login_log.minutes_present(stays, session) == 150
    assert login_log.stays_within(stays, session) == [(0, 120), (150, 180)]
    assert attended.attended_enough(150, 180, D(80))


def test_f15_time_outside_the_session_does_not_count() -> None:
    session = (clock("09:00"), clock("12:00"))
    stays = [
        (clock("08:00"), clock("09:30")),
        (clock("11:59"), clock("13:00")),
        (clock("07:00"), clock("08:00")),
    ]
    assert login_log.minutes_present(stays, session) == 31
