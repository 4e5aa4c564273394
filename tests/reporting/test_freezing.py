"""Freezing: one digest that anybody can compute again, and every later change listed with the entry that did it."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from samverk.activities.commands.attendance import (
    close_session,
    correct_attendance,
    count_heads,
    mark_attendance,
)
from samverk.activities.models import Attendance
from samverk.directory.merging import merge_rows
from samverk.kit.acting import Actor, Refusal
from samverk.ledger.models import DecisionLine, PersonMonth
from samverk.reporting import commands
from samverk.reporting.commands import create_report, forget_keys, freeze_report
from samverk.reporting.doctor import findings
from samverk.reporting.documents import json_pieces
from samverk.reporting.models import Report, Snapshot, SnapshotKey, SnapshotRow
from samverk.reporting.paper import paper_of
from samverk.reporting.queries.differences import differences
from samverk.reporting.tables import difference_words
from tests.reporting.planted import make_world, planted

pytestmark = pytest.mark.django_db
MARCH = {"starts": date(2018, 3, 1), "ends": date(2018, 3, 31)}


def frozen(world):
    report = create_report(world.programme, **MARCH, by=Actor(world.coordinator))
    return freeze_report(report, by=Actor(world.coordinator))


def as_json(snapshot) -> dict:
    report = Report.objects.select_related("snapshot", "programme").get(pk=snapshot.report_id)
    return json.loads("".join(json_pieces(paper_of(report))))


def canonical(thing) -> bytes:
    """Written from docs/frozen-reports.md, not from our code."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def recomputed(document: dict) -> str:
    total = hashlib.sha256(canonical(document["figures"]) + b"\n")
    for row in document["rows"]:
        content = {"section": row["section"], "key": row["key"], "values": row["values"]}
        total.update(hashlib.sha256(canonical(content)).hexdigest().encode() + b"\n")
    return total.hexdigest()


def test_the_digest_can_be_computed_again_from_the_json_file_alone():
    snapshot = frozen(planted())
    document = as_json(snapshot)
    assert recomputed(document) == document["digest"] == snapshot.digest
    document["rows"][0]["values"]["planned_minutes"] += 1
    assert recomputed(document) != snapshot.digest


def test_the_figures_are_those_of_the_rows():
    document = as_json(frozen(planted()))
    visits = [row["values"] for row in document["rows"] if row["section"] == "attendance"]
    measures = document["figures"]["measures"]
    assert measures["visits"] == len(visits) == 5
    assert measures["unique_people"] == len({row["person"] for row in visits} - {""}) == 3
    assert measures["unique_organisations"] == len({row["organisation"] for row in visits} - {""}) == 2
    assert measures["hours"] == sum(row["minutes"] for row in visits)
    decided = [row["values"] for row in document["rows"] if row["section"] == "decision"]
    assert measures["approved_amount"] == "600" == decided[0]["amount"]


def test_a_snapshot_names_nobody():
    world = planted()
    snapshot = frozen(world)
    text = json.dumps(as_json(snapshot))
    for person in world.people.values():
        assert person.code not in text
        assert person.given_name not in text
        assert person.email not in text
    assert set(SnapshotKey.objects.values_list("person__given_name", flat=True)) == {"Anna", "Bo", "Cilla"}


def test_a_report_with_stale_decisions_cannot_be_frozen():
    world = planted()
    PersonMonth.objects.filter(person=world.person("Bo")).update(is_stale=True)
    with pytest.raises(Refusal) as refusal:
        frozen(world)
    assert refusal.value.code == "stale"
    assert not Snapshot.objects.exists()


def test_a_stale_decision_of_another_month_does_not_hinder():
    world = planted()
    month = PersonMonth.objects.filter(person=world.person("Bo")).get()
    PersonMonth.objects.create(
        funding_line=month.funding_line, person=month.person, month=date(2018, 5, 1), is_stale=True
    )
    assert frozen(world).is_complete


def test_a_frozen_report_cannot_be_frozen_again_or_edited():
    world = planted()
    snapshot = frozen(world)
    by = Actor(world.coordinator)
    for attempt in (
        lambda: freeze_report(snapshot.report, by=by),
        lambda: commands.edit_report(snapshot.report, by=by, title="x", narrative=""),
    ):
        with pytest.raises(Refusal) as refusal:
            attempt()
        assert refusal.value.code == "frozen"


def test_nothing_differs_right_after_freezing():
    assert differences(frozen(planted())) == []


def test_a_corrected_visit_is_listed_with_the_entry_that_did_it():
    world = planted()
    snapshot = frozen(world)
    visit = Attendance.objects.get(person=world.person("Bo"), mark="here")
    correct_attendance(
        visit,
        "part",
        by=Actor(world.coordinator),
        reason="Left early.",
        came_at=visit.session.starts_at,
        left_at=visit.session.starts_at.replace(hour=9),
    )
    changed = [row for row in differences(snapshot) if row.section == "attendance"]
    assert [(row.kind, row.key) for row in changed] == [("changed", str(visit.pk))]
    assert changed[0].effect("minutes") == 60 - 180
    assert difference_words(changed[0]) == "Changed: time 3\u00a0h → 1\u00a0h"
    assert changed[0].entry is not None
    assert (changed[0].entry.thing_type, changed[0].entry.thing_id) == ("attendance", visit.pk)
    assert changed[0].entry.reason == "Left early."


def test_a_visit_taken_back_is_gone_and_one_added_is_new():
    world = planted()
    snapshot = frozen(world)
    by = Actor(world.coordinator)
    gone = Attendance.objects.get(person=world.person("Cilla"))
    correct_attendance(gone, "absent", by=by, reason="Was not there.")
    added = Attendance.objects.get(person=world.person("Dan"))
    correct_attendance(added, "here", by=by, reason="Was there.")
    rows = {(row.kind, row.key): row for row in differences(snapshot) if row.section == "attendance"}
    assert set(rows) == {("gone", str(gone.pk)), ("added", str(added.pk))}
    assert all(row.entry.verb for row in rows.values())
    assert rows["gone", str(gone.pk)].entry.reason == "Was not there."


def test_a_session_closed_later_is_listed_with_its_closing():
    world = planted()
    snapshot = frozen(world)
    session = world.programme.activities.get(title="Bookkeeping").sessions.get(state="planned")
    row = world.came(session, "Anna", "Läxlyktan", mark="none")
    by = Actor(world.coordinator)
    mark_attendance(row, "here", by=by)
    close_session(session, by=by)
    found = {row.section: row for row in differences(snapshot)}
    assert found["session"].kind == "added"
    assert found["session"].entry.verb == "close"
    assert found["attendance"].kind == "added"


def test_a_changed_head_count_is_a_difference():
    world = planted()
    snapshot = frozen(world)
    session = world.programme.activities.get(title="Breakfast").sessions.get()
    count_heads(session, 9, by=Actor(world.coordinator), reason="Counted again.")
    [difference] = [row for row in differences(snapshot) if row.section == "session"]
    assert (difference.changed, difference.effect("head_count")) == (["head_count"], 2)
    assert difference.entry.verb == "count_heads"


def test_judging_again_with_the_same_result_is_no_difference():
    world = planted()
    snapshot = frozen(world)
    line = DecisionLine.objects.get()
    DecisionLine.objects.create(
        person_month=line.person_month, organisation=line.organisation, category=line.category, minutes=line.minutes,
        hours=line.hours, per_hour=line.per_hour, amount=line.amount, entries=line.entries,
    )  # fmt: skip
    line.delete()
    assert differences(snapshot) == []


def test_a_decision_that_counts_less_is_listed():
    world = planted()
    snapshot = frozen(world)
    DecisionLine.objects.update(hours=1, amount=300)
    [difference] = differences(snapshot)
    assert (difference.section, difference.kind, difference.effect("amount")) == ("decision", "changed", -300)


def test_the_frozen_figures_stay_when_the_rows_change():
    world = planted()
    snapshot = frozen(world)
    correct_attendance(
        Attendance.objects.get(person=world.person("Bo")), "absent", by=Actor(world.coordinator), reason="No."
    )
    report = Report.objects.select_related("snapshot", "programme").get(pk=snapshot.report_id)
    paper = paper_of(report)
    assert paper.figures.value("unique_people") == 3
    assert len(paper.differences) >= 1


def test_what_a_killed_freezing_left_is_taken_away_by_the_next():
    world = planted()
    report = create_report(world.programme, **MARCH, by=Actor(world.coordinator))
    left = Snapshot.objects.create(report=report, figures={}, digest="", rows_count=0)
    SnapshotRow.objects.create(snapshot=left, section="session", key="x", digest="")
    report = Report.objects.get(pk=report.pk)
    assert report.frozen is None
    snapshot = freeze_report(report, by=Actor(world.coordinator))
    assert snapshot.is_complete
    assert not SnapshotRow.objects.filter(key="x").exists()


def test_rows_that_move_while_they_are_read_refuse_the_freezing(monkeypatch):
    world = planted()
    report = create_report(world.programme, **MARCH, by=Actor(world.coordinator))
    original = commands.document_of

    def counted_then_moved(*args):
        document = original(*args)
        Attendance.objects.filter(person=world.person("Bo")).update(mark="absent")
        return document

    monkeypatch.setattr(commands, "document_of", counted_then_moved)
    with pytest.raises(Refusal) as refusal:
        freeze_report(report, by=Actor(world.coordinator))
    assert refusal.value.code == "moved"
    assert Report.objects.get(pk=report.pk).frozen is None


def test_freezing_reads_and_writes_in_batches(queries):
    few, many = make_world("FEW", money=False), make_world("MANY", money=False)
    for world, people in ((few, 3), (many, 300)):
        session = world.session(world.activity("Course"), date(2018, 3, 5))
        for number in range(people):
            world.came(session, None, name=f"Nameless {number}")
    assert queries(lambda: frozen(few)) == queries(lambda: frozen(many))


def test_the_doctor_finds_a_row_changed_behind_our_back_and_a_freezing_that_stopped():
    world = planted()
    frozen(world)
    assert findings() == []
    row = SnapshotRow.objects.filter(section="attendance").first()
    SnapshotRow.objects.filter(pk=row.pk).update(values={**row.values, "minutes": 1})
    report = create_report(world.programme, **MARCH, by=Actor(world.coordinator))
    Snapshot.objects.create(
        report=report, figures={}, digest="", rows_count=0, frozen_at=timezone.now() - timedelta(hours=2)
    )
    stuck, broken = findings()
    assert "stopped half-way" in stuck
    assert "no longer gives its digest" in broken


def test_two_people_merged_after_freezing_are_a_difference_with_the_merge_as_its_entry():
    world = planted()
    snapshot = frozen(world)
    merge_rows("person", world.person("Frida"), world.person("Bo"), by=Actor(world.coordinator))
    found = [row for row in differences(snapshot) if row.section == "attendance" and "person" in row.changed]
    assert [row.kind for row in found] == ["changed"] * len(found) != []
    assert {row.entry.verb for row in found} == {"merge"}


def test_once_the_key_list_is_erased_rows_are_no_longer_compared_and_the_digest_holds():
    world = planted()
    snapshot = frozen(world)
    for person in world.people.values():
        forget_keys(person)
    assert not SnapshotKey.objects.exists()
    assert recomputed(as_json(snapshot)) == snapshot.digest
    with pytest.raises(Refusal) as refusal:
        differences(snapshot)
    assert refusal.value.code == "erased"


@pytest.mark.django_db(transaction=True)
def test_a_report_is_frozen_from_the_shell():
    world = planted()
    report = create_report(world.programme, **MARCH, by=Actor(world.coordinator))
    said = io.StringIO()
    call_command("freeze_report", report.code.lower(), stdout=said)
    assert Snapshot.objects.get().digest in said.getvalue()
