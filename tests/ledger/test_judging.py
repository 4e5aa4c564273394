"""From closed sheets to stored decisions: the golden case, overlaps, caps, staleness, sealed months."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from samverk.activities.choices import Mark
from samverk.activities.commands.attendance import correct_attendance
from samverk.activities.models import Attendance
from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.ledger import doctor
from samverk.ledger.commands import judging
from samverk.ledger.commands.judging import judge, judge_all, judge_stale
from samverk.ledger.commands.sealing import reopen_period, seal_period
from samverk.ledger.commands.staleness import mark
from samverk.ledger.models import DecisionLine, DecisionRefusal, PersonMonth
from samverk.ledger.queries import (
    counted_entries,
    documents_of,
    minutes_by_reason,
    steps,
    sums,
    sums_by_month,
)
from samverk.programmes.commands import add_funding_line, load_rule_sets
from samverk.reckoning import decide, parse
from tests.cast import make_person
from tests.ledger.ledger_cast import (
    MARCH,
    at,
    countersign_all,
    course,
    employer,
    held,
    live,
    meeting,
    programme_with_line,
    rule_set,
    sign_all,
    was_here,
)

pytestmark = pytest.mark.django_db
END = date(2026, 3, 31)


def judge_everything() -> None:
    while judge_stale():
        pass


@pytest.fixture
def golden(cast):
    """F1: three employees of three employers in March, under the shipped Swedish rules, everything signed."""
    for rules in load_rule_sets(by=THE_SHELL):
        if rules.code == "SE-ESF-2014-PO1":
            line = add_funding_line(cast.other_programme, "f1", "F1", rule_set=rules, by=THE_SHELL)
    people = [make_person("Anna", "A"), make_person("Bo", "B"), make_person("Cia", "C")]
    mandated = make_person("Mia", "M")
    activity = course(cast.other_programme)
    stays = {0: [150, 195, 90], 1: [360, 360, 225], 2: [45]}
    employers = [employer(f"Employer {number}", person) for number, person in enumerate(people)]
    for number, minutes in stays.items():
        for day, length in enumerate(minutes, 1):
            held(activity, at(day * 3 + number), length, [(people[number], employers[number])])
    from samverk.directory.commands import give_mandate

    sign_all()
    for organisation in employers:
        give_mandate(organisation, mandated, ["confirm_hours"], by=THE_SHELL)
        countersign_all(organisation, mandated)
    judge_everything()
    return line, people


def test_three_peoples_march_comes_to_22_hours_and_6600(golden):
    line, people = golden
    found = sums(line, MARCH, END)
    assert (found.hours, found.amount, found.people, found.stale) == (Decimal(22), Decimal(6600), 3, 0)
    by_person = {
        row.person: row.hours
        for row in PersonMonth.objects.filter(funding_line=line).select_related("person")
    }
    assert [by_person[person] for person in people] == [Decimal(7), Decimal(15), Decimal(0)]
    assert doctor.findings() == []


def test_sums_steps_and_rows_of_the_golden_case_agree(golden):
    line, _people = golden
    assert steps(line, MARCH, END) == type(steps(line, MARCH, END))(1425, 1425, 1425, 1425)
    rows = list(counted_entries(line, MARCH, END))
    assert sum(sum(entries.values()) for _row, entries in rows) == 1425
    assert [(row["hours_sum"], row["amount_sum"]) for row in sums_by_month(line, MARCH, END)] == [
        (Decimal(22), Decimal(6600))
    ]
    assert minutes_by_reason(line, MARCH, END) == {}


def test_without_signatures_every_minute_is_refused_and_says_who_is_missing(cast):
    rules = next(rules for rules in load_rule_sets(by=THE_SHELL) if rules.code == "SE-ESF-2014-PO1")
    add_funding_line(cast.other_programme, "x", "X", rule_set=rules, by=THE_SHELL)
    person = make_person("Anna", "A")
    held(course(cast.other_programme), at(3), 150, [(person, employer("E", person))])
    judge_everything()
    refusal = DecisionRefusal.objects.get()
    assert (refusal.reason, refusal.minutes, refusal.facts) == (
        "not_attested",
        150,
        {"missing": ["person", "employer"]},
    )


def test_the_programme_owners_staff_and_paid_leaders_are_excluded(cast):
    rules = next(rules for rules in load_rule_sets(by=THE_SHELL) if rules.code == "SE-ESF-2014-PO1")
    add_funding_line(cast.programme, "own", "Own", rule_set=rules, by=THE_SHELL)
    member, leader = make_person("Anna", "A"), make_person("Lea", "L")
    other = employer("E", leader)
    activity = course(cast.programme)
    session = meeting(activity, at(3), 60)
    was_here(session, member, cast.extra["host"])
    was_here(session, leader, other, is_leader=True)
    was_here(session, cast.coordinator, other)
    from samverk.activities.commands.attendance import close_session

    close_session(session, by=THE_SHELL)
    flags = {entry.person: entry.flags for entry in live()}
    assert flags[member] == ["programme_owner_staff"]
    assert flags[leader] == ["paid_by_programme"]
    assert flags[cast.coordinator] == ["programme_owner_staff"]


def test_an_unconfirmed_claim_to_stand_for_an_organisation_counts_for_none(cast):
    programme, line = programme_with_line("P", eligible_employment=["employee"])
    person = make_person("Anna", "A")
    session = meeting(course(programme), at(3), 60)
    was_here(session, person, employer("E", person), representation="claimed")
    from samverk.activities.commands.attendance import close_session

    close_session(session, by=THE_SHELL)
    judge_everything()
    entry = live()[0]
    assert (entry.organisation, entry.employment) == (None, "participant")
    assert sums(line, MARCH, END).minutes == 0


# ---------- an hour is paid once ----------


def test_minutes_that_another_programme_counts_are_refused_as_overlap_with_the_one_recorded_first(cast):
    first, first_line = programme_with_line("ONE")
    second, second_line = programme_with_line("TWO")
    person = make_person("Anna", "A")
    held(course(first), at(3, 9), 120, [(person, None)])
    held(course(second), at(3, 10), 120, [(person, None)])
    judge_everything()
    assert sums(first_line, MARCH, END).minutes == 120
    assert sums(second_line, MARCH, END).minutes == 60
    refusal = DecisionRefusal.objects.get(person_month__funding_line=second_line)
    assert (refusal.reason, refusal.minutes) == ("overlap", 60)
    assert refusal.facts["with"] == [{"programme": "ONE", "starts": "2026-03-03T09:00"}]


@pytest.mark.parametrize("second_first", [False, True])
def test_the_order_of_judging_does_not_change_who_gets_the_minutes(cast, second_first):
    first, first_line = programme_with_line("ONE")
    second, second_line = programme_with_line("TWO")
    person = make_person("Anna", "A")
    held(course(first), at(3, 9), 120, [(person, None)])
    held(course(second), at(3, 10), 120, [(person, None)])
    order = [second_line, first_line] if second_first else [first_line, second_line]
    for line in order:
        judge(PersonMonth.objects.get(funding_line=line))
    judge_everything()
    assert (sums(first_line, MARCH, END).minutes, sums(second_line, MARCH, END).minutes) == (120, 60)


def test_when_the_first_claim_goes_the_second_gets_its_minutes_back(cast):
    first, first_line = programme_with_line("ONE")
    second, second_line = programme_with_line("TWO")
    person = make_person("Anna", "A")
    session = held(course(first), at(3, 9), 120, [(person, None)])
    held(course(second), at(3, 10), 120, [(person, None)])
    judge_everything()
    correct_attendance(
        Attendance.objects.get(session=session), Mark.ABSENT, by=THE_SHELL, reason="was at home"
    )
    judge_everything()
    assert (sums(first_line, MARCH, END).minutes, sums(second_line, MARCH, END).minutes) == (0, 120)


def test_three_stays_over_one_minute_pay_it_once_whatever_the_first_is_refused_for(cast):
    first, first_line = programme_with_line("ONE", eligible_employment=["employee"])
    second, second_line = programme_with_line("TWO")
    person = make_person("Anna", "A")
    organisation = employer("E", person)
    held(course(first), at(3, 9), 60, [(person, None)])  # refused: no employee
    held(course(second), at(3, 9), 60, [(person, None)])
    held(course(first, "Another"), at(3, 9), 60, [(person, organisation)])
    judge_everything()
    assert sums(first_line, MARCH, END).minutes + sums(second_line, MARCH, END).minutes == 60
    assert sums(second_line, MARCH, END).minutes == 60


def test_two_funding_lines_of_a_programme_claim_an_hour_once(cast):
    programme, first_line = programme_with_line("ONE")
    second_line = add_funding_line(programme, "second", "Second", rule_set=rule_set("R2"), by=THE_SHELL)
    type(second_line).objects.filter(pk=second_line.pk).update(position=1)
    person = make_person("Anna", "A")
    held(course(programme), at(3, 9), 120, [(person, None)])
    judge_everything()
    assert (sums(first_line, MARCH, END).minutes, sums(second_line, MARCH, END).minutes) == (120, 0)
    assert DecisionRefusal.objects.get(person_month__funding_line=second_line).reason == "already_claimed"


def test_a_yearly_cap_counts_earlier_months_and_other_programmes(cast):
    first, first_line = programme_with_line("ONE", caps=[{"per": "person_year", "hours": "3"}])
    second, _line = programme_with_line("TWO")
    person = make_person("Anna", "A")
    held(course(second), at(3, 9, month=1), 60, [(person, None)])
    held(course(first), at(3, 9, month=2), 60, [(person, None)])
    held(course(first), at(3, 9), 120, [(person, None)])
    judge_everything()
    assert sums(first_line, MARCH, END).minutes == 60
    assert DecisionRefusal.objects.get().facts["claimed_minutes"] == 120


def test_a_new_hour_in_january_takes_room_from_march_under_a_yearly_cap(cast):
    programme, line = programme_with_line("ONE", caps=[{"per": "person_year", "hours": "2"}])
    person = make_person("Anna", "A")
    held(course(programme), at(3, 9), 120, [(person, None)])
    judge_everything()
    assert sums(line, MARCH, END).minutes == 120
    held(course(programme), at(3, 9, month=1), 90, [(person, None)])
    judge_everything()
    assert sums(line, MARCH, END).minutes == 30


@pytest.mark.parametrize("per", ["funding_line", "organisation_period"])
def test_a_cap_over_several_people_is_never_exceeded(cast, per):
    programme, line = programme_with_line("ONE", caps=[{"per": per, "hours": "2"}])
    people = [make_person("Anna", "A"), make_person("Bo", "B"), make_person("Cia", "C")]
    organisation = employer("E", *people)
    held(course(programme), at(3, 9), 60, [(person, organisation) for person in people])
    judge_everything()
    assert sums(line, MARCH, END).minutes == 120
    judge_all(programme, MARCH, END)
    assert sums(line, MARCH, END).minutes == 120


def test_a_course_over_two_months_is_judged_whole(cast):
    programme, line = programme_with_line("ONE", minimum_share="80")
    person = make_person("Anna", "A")
    activity = course(programme)
    held(activity, at(30, 9), 60, [(person, None)])
    judge_everything()
    assert sums(line, MARCH, END).minutes == 60
    held(activity, at(2, 9, month=4), 60, [])
    judge_everything()
    assert sums(line, MARCH, END).minutes == 0
    assert DecisionRefusal.objects.get().facts == {"attended": 60, "planned": 120, "minimum": "80"}


def test_minutes_after_midnight_at_the_end_of_a_month_count_in_the_next(cast):
    programme, line = programme_with_line("ONE")
    person = make_person("Anna", "A")
    held(course(programme), at(31, 23), 120, [(person, None)])
    judge_everything()
    months = {
        row.month: (row.minutes, row.refused_minutes) for row in PersonMonth.objects.filter(funding_line=line)
    }
    assert months == {MARCH: (60, 0), date(2026, 4, 1): (60, 0)}


def test_hours_outside_the_programme_are_refused(cast):
    programme, line = programme_with_line("ONE")
    type(programme).objects.filter(pk=programme.pk).update(ends=date(2026, 3, 10))
    person = make_person("Anna", "A")
    held(course(programme), at(3, 9), 60, [(person, None)])
    held(course(programme), at(20, 9), 60, [(person, None)])
    judge_everything()
    found = PersonMonth.objects.get()
    assert (found.minutes, found.refused_minutes) == (60, 60)
    assert DecisionRefusal.objects.get().reason == "outside_period"


# ---------- staleness ----------


def test_a_change_while_judging_is_not_lost(cast, monkeypatch):
    programme, line = programme_with_line("ONE")
    person = make_person("Anna", "A")
    held(course(programme), at(3, 9), 120, [(person, None)])
    row = PersonMonth.objects.get()
    decide = judging.judge_month

    def somebody_else_changes_it(*args):
        mark(PersonMonth.objects.filter(pk=row.pk))
        return decide(*args)

    monkeypatch.setattr(judging, "judge_month", somebody_else_changes_it)
    assert judge(row).is_stale
    monkeypatch.undo()
    assert not judge(row).is_stale


def test_a_leased_decision_is_left_to_whoever_holds_it(cast):
    programme, line = programme_with_line("ONE")
    held(course(programme), at(3, 9), 120, [(make_person("Anna", "A"), None)])
    row = PersonMonth.objects.get()
    assert judging._lease([row.pk]) == [row.pk]
    assert judging._lease([row.pk]) == []
    assert judge(row).is_stale and row.minutes == 0


def test_judging_again_writes_no_new_lines(cast):
    programme, line = programme_with_line("ONE")
    held(course(programme), at(3, 9), 120, [(make_person("Anna", "A"), None)])
    judge_everything()
    before = list(DecisionLine.objects.values_list("pk", flat=True))
    mark(PersonMonth.objects.all())
    judge_everything()
    assert list(DecisionLine.objects.values_list("pk", flat=True)) == before


def test_the_batch_gives_what_single_judging_gives(cast):
    programme, line = programme_with_line("ONE", caps=[{"per": "person_year", "hours": "5"}])
    people = [make_person(name, name) for name in "ABCDE"]
    for month in (1, 2, 3):
        activity = course(programme)
        for day in range(1, 8):
            held(
                activity,
                at(day, 9, month=month),
                30 + day * 7,
                [(person, None) for person in people[: 1 + day % 5]],
            )
    judge_everything()
    single = list(
        PersonMonth.objects.order_by("person", "month").values_list(
            "person", "month", "minutes", "hours", "refused_minutes"
        )
    )
    PersonMonth.objects.all().delete()
    judge_all(programme, date(2026, 1, 1), END)
    batch = list(
        PersonMonth.objects.order_by("person", "month").values_list(
            "person", "month", "minutes", "hours", "refused_minutes"
        )
    )
    assert single == batch
    assert doctor.findings() == []


def test_refused_and_counted_are_all_minutes_that_came_in(cast):
    programme, line = programme_with_line(
        "ONE", minimum_minutes=60, caps=[{"per": "person_year", "hours": "2"}]
    )
    other, _line = programme_with_line("TWO")
    person = make_person("Anna", "A")
    held(course(other), at(3, 9), 45, [(person, None)])
    for day, minutes in [(3, 90), (4, 30), (5, 120), (31, 15 * 60)]:
        held(course(programme), at(day, 9), minutes, [(person, None)])
    judge_everything()
    came_in = sum(entry.minutes for entry in live() if entry.programme_id == programme.pk)
    rows = PersonMonth.objects.filter(funding_line=line)
    assert sum(row.minutes + row.refused_minutes for row in rows) == came_in


def test_rules_that_cannot_be_read_are_a_problem_and_count_nothing(cast):
    programme, line = programme_with_line("ONE", rounding="nonsense")
    held(course(programme), at(3, 9), 120, [(make_person("Anna", "A"), None)])
    judge_everything()
    row = PersonMonth.objects.get()
    assert "rounding" in row.problem and row.minutes == 0 and not row.is_stale


def test_anybody_can_judge_a_decision_again_from_its_file(cast):
    programme, line = programme_with_line(
        "ONE",
        minimum_share="50",
        caps=[{"per": "person_year", "hours": "4"}, {"per": "funding_line", "hours": "5"}],
    )
    other, _line = programme_with_line("TWO")
    people = [make_person("Anna", "A"), make_person("Bo", "B")]
    held(course(other), at(3, 10), 60, [(people[1], None)])
    for day, minutes in [(3, 90), (4, 50), (5, 120)]:
        held(course(programme), at(day, 9), minutes, [(person, None) for person in people])
    judge_everything()
    for decision in PersonMonth.objects.filter(funding_line=line):
        inputs = parse(json.loads(json.dumps(documents_of(decision)[0])))
        again = decide(
            inputs.rule_set, inputs.funding_line, inputs.presences, inputs.already_claimed, inputs.period
        )
        assert again.totals.minutes == decision.minutes
        assert again.totals.amount == decision.amount
        assert sum(row.minutes for row in again.refused) == decision.refused_minutes


# ---------- sealing ----------


@pytest.fixture
def sealed(cast):
    rules = rule_set()
    line = add_funding_line(cast.programme, "sealed", "Sealed", rule_set=rules, by=THE_SHELL)
    session = held(course(cast.programme), at(3, 9), 120, [(cast.participant, cast.organisation)])
    judge_everything()
    by = Actor(person=cast.coordinator)
    return line, session, seal_period(cast.programme, MARCH, MARCH, by=by), by


def test_attendance_of_a_sealed_month_can_no_longer_change(sealed):
    _line, session, _seal, by = sealed
    with pytest.raises(Refusal) as refused:
        correct_attendance(Attendance.objects.get(session=session), Mark.ABSENT, by=by, reason="wrong")
    assert refused.value.code == "sealed"
    assert len(live()) == 1


def test_decisions_of_a_sealed_month_do_not_become_stale(sealed):
    line, _session, _seal, _by = sealed
    assert mark(PersonMonth.objects.filter(funding_line=line)) == 0
    assert sums(line, MARCH, END).stale == 0


def test_a_reopened_month_can_change_again_and_says_why(sealed):
    _line, session, seal, by = sealed
    reopen_period(seal, because="The funder asked for a correction.", by=by)
    correct_attendance(Attendance.objects.get(session=session), Mark.ABSENT, by=by, reason="wrong")
    assert live() == []


def test_a_month_with_stale_decisions_or_open_sheets_is_not_sealed(cast):
    add_funding_line(cast.programme, "sealed", "Sealed", rule_set=rule_set(), by=THE_SHELL)
    activity = course(cast.programme)
    held(activity, at(3, 9), 120, [(cast.participant, cast.organisation)])
    meeting(activity, at(4, 9), 60)
    with pytest.raises(Refusal) as refused:
        seal_period(cast.programme, MARCH, MARCH, by=Actor(person=cast.coordinator))
    assert refused.value.code == "waiting"
    assert "1 sessions are not closed." in str(refused.value) and "decisions wait" in str(refused.value)


def test_only_a_coordinator_of_the_programme_seals(cast):
    for person in (cast.controller, cast.other_coordinator, cast.partner_staff):
        with pytest.raises(Refusal) as refused:
            seal_period(cast.programme, MARCH, MARCH, by=Actor(person=person))
        assert refused.value.code == "not_coordinator"
