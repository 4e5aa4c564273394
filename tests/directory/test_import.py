"""Organisations from a list: what is found about each row, what is written, what is left alone."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import xlsxwriter
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from samverk.directory.commands import create_organisation, edit_organisation, set_identifier
from samverk.directory.importing import checking, working
from samverk.directory.importing.checking import check_import, decide_alike, waits_for_a_person
from samverk.directory.importing.conflicts import conflicts_by_field
from samverk.directory.importing.reading import correct_guess, start_import
from samverk.directory.importing.staging import staging_of
from samverk.directory.importing.undoing import may_undo, undo_import
from samverk.directory.importing.writing import write_import
from samverk.directory.models import Identifier, Import, Organisation
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.kit.sheets import SheetError
from samverk.trail.models import Entry
from tests.directory.lists import HEADER, checked, found, many, number, rows, taken_in, text

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    return set(Organisation.objects.alive().values_list("name", flat=True))


def test_a_list_goes_in_with_numbers_as_typed_and_normalised():
    taken_in(text(f"Läxlyktan;16{number(1).replace('-', '')};Malmö;hej@example.org", "Båtlaget;;Lund;"))
    organisation = Organisation.objects.alive().get(name="Läxlyktan")
    identifier = organisation.identifiers.get()
    assert (organisation.place, organisation.email, organisation.country) == (
        "Malmö",
        "hej@example.org",
        "SE",
    )
    assert (identifier.scheme, identifier.value, identifier.is_valid) == ("SE-ON", number(1), True)
    assert identifier.typed == "16" + number(1).replace("-", "")
    assert organisation.name_key == "laxlyktan"
    assert working.import_faults() == []


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("cp1250", ";"), ("iso8859_2", "\t"), ("utf-16", "\t")],
)
def test_lists_come_in_many_encodings(encoding, delimiter):
    lines = ["Nazwa;NIP;Miejscowość"] + [f"Stowarzyszenie Miłośników Żółwi {n};;Łódź" for n in range(12)]
    content = "\n".join(lines).replace(";", delimiter).encode(encoding)
    taken_in(io.BytesIO(content))
    assert (
        Organisation.objects.alive().filter(name="Stowarzyszenie Miłośników Żółwi 3", place="Łódź").count()
        == 1
    )


def test_swedish_names_in_windows_1252_stay_swedish():
    taken_in(text("Räksmörgåsens vänner;;Växjö;", "Ålidhems byalag;;Umeå;", encoding="cp1252"))
    assert {"Räksmörgåsens vänner", "Ålidhems byalag"} <= names()


def workbook(write) -> io.BytesIO:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        write(book)
    buffer.seek(0)
    return buffer


def test_a_workbook_with_titles_groups_two_row_header_totals_and_floats_goes_in():
    def write(book):
        book.add_worksheet("Läs mig").write(0, 0, "Förklaring")
        sheet = book.add_worksheet("Lista")
        sheet.write(0, 0, "Föreningar i Skåne 2026")
        sheet.merge_range(2, 2, 2, 3, "Adress")
        for column, name in enumerate(["Kommun", "Namn"]):
            sheet.write(2, column, name)
        sheet.write(2, 4, "Organisationsnummer")
        for column, name in [(2, "Postnummer"), (3, "Ort")]:
            sheet.write(3, column, name)
        for place in range(8):
            sheet.write(4 + place, 0, ["Malmö", "Lund"][place // 4] if place % 4 == 0 else "")
            sheet.write(4 + place, 1, f"Eko\nklubben {place}")
            sheet.write(4 + place, 2, "211 40")
            sheet.write(4 + place, 3, "Malmö")
            sheet.write_number(4 + place, 4, float(number(place).replace("-", "")))
        sheet.write(12, 1, "Summa")
        sheet.write_number(12, 2, 8)

    one = taken_in(workbook(write), "list.xlsx")
    assert one.options["sheet"] == "Lista"
    assert Organisation.objects.alive().filter(name="Eko klubben 5", postcode="211 40").count() == 1
    assert Identifier.objects.filter(value=number(5), is_valid=True).exists()
    assert found(one)["new"] == 8
    assert found(one).get("skipped", 0) == 1


def test_a_lost_zero_comes_back_only_where_the_register_pads():
    taken_in(text("Fundacja Sad;168;Białystok", header="Nazwa;KRS;Miejscowość"))
    assert Identifier.objects.get().value == "0000000168"


def test_the_same_file_twice_changes_nothing():
    lines = many(30)
    taken_in(text(*lines))
    before = list(Organisation.objects.order_by("pk").values())
    again = taken_in(text(*lines))
    assert found(again) == {"same": 30}
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_a_changed_cell_changes_one_field_and_says_which():
    taken_in(text(*many(3)))
    one = checked(text(*many(2), f"Förening 2;{number(2)};Ystad;info2@example.org"))
    assert found(one) == {"same": 2, "changed": 1}
    assert rows(one)[2].fields == {"place": ["Malmö", "Ystad"]}
    write_import(one, by=THE_SHELL)
    assert Organisation.objects.get(name="Förening 2").place == "Ystad"


def test_an_empty_cell_never_empties_a_field():
    taken_in(text(*many(1)))
    assert found(checked(text(f"Förening 0;{number(0)};;"))) == {"same": 1}


def test_a_hand_edit_since_the_last_import_is_a_conflict_and_stays():
    taken_in(text(*many(2)))
    edited = Organisation.objects.get(name="Förening 1")
    edit_organisation(edited, by=THE_SHELL, email="office@example.org")
    one = checked(text(*many(1), f"Förening 1;{number(1)};Ystad;new@example.org"))
    conflict = rows(one)[1]
    assert (conflict.status, conflict.fields["email"]) == (
        "conflict",
        ["office@example.org", "new@example.org", "conflict"],
    )
    write_import(one, by=THE_SHELL)
    edited.refresh_from_db()
    assert (edited.email, edited.place) == ("office@example.org", "Ystad")


def test_what_a_hand_emptied_is_not_filled_again():
    taken_in(text(*many(1)))
    organisation = Organisation.objects.get()
    edit_organisation(organisation, by=THE_SHELL, email="")
    one = taken_in(text(*many(1)))
    organisation.refresh_from_db()
    assert organisation.email == "" and found(one) == {"conflict": 1}


def test_a_hand_edit_between_dry_run_and_writing_is_left_alone():
    taken_in(text(*many(1)))
    one = checked(text(f"Förening 0;{number(0)};Ystad;"))
    edit_organisation(Organisation.objects.get(), by=THE_SHELL, place="Kalmar")
    write_import(one, by=THE_SHELL)
    assert Organisation.objects.get().place == "Kalmar"


def doubts(one: Import) -> dict[str, str]:
    return {row.name: row.kind for row in rows(one) if row.status == "doubtful"}


def test_possible_duplicates_are_doubtful_each_with_its_reason():
    for name, place in [
        ("Läxlyktan", "Malmö"),
        ("Solgården", "Lund"),
        ("Båtlagets vänner", "Ystad"),
        ("Ekot", "Lund"),
    ]:
        create_organisation(name, by=THE_SHELL, place=place)
    set_identifier(Organisation.objects.get(name="Solgården"), "SE-ON", number(5), by=THE_SHELL)
    set_identifier(Organisation.objects.get(name="Ekot"), "SE-ON", number(6), by=THE_SHELL)
    one = checked(
        text(
            "Läxlyktan;;Kalmar;",
            f"Månklubben;{number(5)};Lund;",
            "Båtlagetts vänner;;Ystad;",
            f"Ekot;{number(7)};Lund;",
            "Torget;;Lund;",
        )
    )
    assert doubts(one) == {
        "Läxlyktan": "same_name_other_place",
        "Månklubben": "same_number_other_name",
        "Båtlagetts vänner": "like_name",
        "Ekot": "same_name_other_number",
    }
    assert found(one) == {"doubtful": 4, "new": 1}


def test_a_common_number_in_names_keeps_schools_apart():
    create_organisation("Szkoła Podstawowa nr 1", by=THE_SHELL, place="Łódź")
    one = checked(text("Szkoła Podstawowa nr 2;Łódź", header="Nazwa;Miejscowość"))
    assert found(one) == {"new": 1}


def test_like_doubts_are_decided_together():
    for n in range(3):
        create_organisation(f"Läxlyktan {n}", by=THE_SHELL, place="Malmö")
    lines = [f"Läxlyktan {n};;Kalmar;hej{n}@example.org" for n in range(3)]
    one = checked(text(*lines))
    assert found(one) == {"doubtful": 3}
    with staging_of(one) as staging:
        assert checking.waits_for_a_person(one, staging) == 3 and checking.will_write(one, staging) == 0
        decide_alike(one, "same_name_other_place", "new", by=THE_SHELL)
        assert checking.waits_for_a_person(one, staging) == 0 and checking.will_write(one, staging) == 3
    write_import(one, by=THE_SHELL)
    assert Organisation.objects.alive().filter(place="Kalmar").count() == 3
    assert found(checked(text(*lines))) == {"same": 3}


def test_doubts_answered_same_fill_the_known_row():
    known = create_organisation("Läxlyktan", by=THE_SHELL, place="")
    one = checked(text("Läxlyktan;;Kalmar;hej@example.org"))
    decide_alike(one, "same_name_other_place", "same", by=THE_SHELL)
    write_import(one, by=THE_SHELL)
    known.refresh_from_db()
    assert (known.place, known.email, Organisation.objects.count()) == ("Kalmar", "hej@example.org", 1)


def test_undecided_doubts_stay_out_and_the_rest_goes_in():
    create_organisation("Läxlyktan", by=THE_SHELL, place="Malmö")
    taken_in(text("Läxlyktan;;Kalmar;", "Torget;;Lund;"))
    assert names() == {"Läxlyktan", "Torget"}


def test_an_answer_that_does_not_fit_is_refused():
    one = checked(text(*many(1)))
    with pytest.raises(Refusal):
        decide_alike(one, "edited_by_hand", "new", by=THE_SHELL)


def test_a_row_that_comes_twice_is_left_out_or_doubtful():
    lines = [f"Läxlyktan;{number(1)};Malmö;", f"Läxlyktan;{number(1)};Malmö;", f"Läxlyktan;{number(1)};Lund;"]
    one = checked(text(*lines))
    assert [row.status for row in rows(one)] == ["new", "skipped", "doubtful"]
    assert "Row 2" in rows(one)[2].words


def test_two_of_one_name_with_two_numbers_in_one_file_are_two():
    one = taken_in(text(f"IF Solen;{number(1)};Malmö;", f"IF Solen;{number(2)};Malmö;"))
    assert found(one) == {"new": 2}
    assert found(checked(text(f"IF Solen;{number(1)};Malmö;", f"IF Solen;{number(2)};Malmö;"))) == {"same": 2}


def test_a_cell_that_cannot_be_read_is_an_error_with_column_value_and_why():
    one = checked(text("Läxlyktan;;Malmö;no address", ";;Lund;a@example.org"))
    first, second = rows(one)
    assert (first.status, first.kind) == ("error", "unreadable_cell")
    assert first.words == "E-post: no address – It is not an e-mail address."
    assert (second.status, second.words) == ("error", "It has no name.")
    decide_alike(one, "unreadable_cell", "new", by=THE_SHELL)
    write_import(one, by=THE_SHELL)
    assert Organisation.objects.alive().get().email == ""


def test_a_wrong_check_digit_goes_in_flagged_and_said():
    wrong = number(1)[:-1] + str((int(number(1)[-1]) + 1) % 10)
    one = taken_in(text(f"Läxlyktan;{wrong};Malmö;"))
    assert "check digit" in rows(one)[0].words
    assert not Identifier.objects.get().is_valid


def test_a_sole_traders_personal_number_is_kept_and_marked_personal():
    taken_in(text("Annas Ateljé;811228-9874;Malmö;", *many(5)))
    assert Identifier.objects.get(organisation__name="Annas Ateljé").is_personal


def test_a_file_that_is_no_list_is_refused_and_leaves_nothing():
    with pytest.raises(SheetError):
        start_import(io.BytesIO(b"%PDF-1.7 hello"), "list.csv", by=THE_SHELL)
    assert not Import.objects.exists()


def test_the_guess_is_corrected_by_a_person():
    one = start_import(text("Läxlyktan;x;Malmö;y"), "list.csv", by=THE_SHELL, language="en")
    correct_guess(one, {"mapping": {"Namn": "name", "Ort": "region"}}, by=THE_SHELL)
    check_import(one, by=THE_SHELL)
    assert rows(one)[0].entry["fields"] == {"name": "Läxlyktan", "region": "Malmö"}
    for wrong in ({"mapping": {"Nix": "name"}}, {"mapping": {"Namn": "nix"}}):
        with pytest.raises(Refusal):
            correct_guess(one, wrong, by=THE_SHELL)


def test_without_a_column_of_names_nothing_is_checked():
    one = start_import(text("Läxlyktan;;Malmö;"), "list.csv", by=THE_SHELL, language="en")
    correct_guess(one, {"mapping": {"Ort": "place"}}, by=THE_SHELL)
    with pytest.raises(Refusal):
        check_import(one, by=THE_SHELL)


def test_nothing_of_a_file_is_visible_before_all_of_it_is_in(monkeypatch):
    create_organisation("Förening 700", by=THE_SHELL, place="Malmö")
    known = Organisation.objects.get()
    seen = []

    def look(point):
        seen.append((point, names(), Organisation.objects.get(pk=known.pk).email))

    monkeypatch.setattr("samverk.directory.importing.writing.fault_point", look)
    taken_in(text(*many(1200)))
    during = [entry for entry in seen if entry[0] in ("import.after_batch", "import.before_reveal")]
    assert len(during) >= 4
    assert all((alive, email) == ({"Förening 700"}, "") for _point, alive, email in during)
    assert len(names()) == 1200


def test_hidden_rows_are_found_by_no_search():
    one = checked(text(*many(3)))
    Organisation.objects.create(name="Hidden", is_hidden=True)
    assert "Hidden" not in names()
    assert working.import_faults() != []
    assert found(one) == {"new": 3}


def test_undo_removes_new_rows_and_puts_changed_ones_back():
    taken_in(text(*many(3)))
    before = list(Organisation.objects.order_by("pk").values())
    one = taken_in(text(*many(2), f"Förening 2;{number(2)};Ystad;other@example.org", *many(4, start=10)))
    assert len(names()) == 7
    assert undo_import(one, by=THE_SHELL)
    one.refresh_from_db()
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert one.options["undo"] == {"removed": 4, "put_back": 1, "kept": [], "kept_count": 0}
    assert Entry.objects.filter(verb="undo_import", scope="directory").exists()
    assert working.import_faults() == []


def test_undo_keeps_and_names_what_somebody_built_on_or_edited(cast):
    taken_in(text(*many(1)))
    one = taken_in(text(f"Förening 0;{number(0)};Ystad;info0@example.org", *many(3, start=10)))
    used, edited = Organisation.objects.get(name="Förening 10"), Organisation.objects.get(name="Förening 11")
    from samverk.directory.commands import add_affiliation

    add_affiliation(cast.participant, used, "member", by=THE_SHELL)
    edit_organisation(edited, by=THE_SHELL, phone="040 12 34 56")
    edit_organisation(Organisation.objects.get(name="Förening 0"), by=THE_SHELL, place="Kalmar")
    undo_import(one, by=THE_SHELL)
    one.refresh_from_db()
    assert {kept["code"] for kept in one.options["undo"]["kept"]} >= {used.code, edited.code}
    assert Organisation.objects.alive().filter(name__in=["Förening 10", "Förening 11"]).count() == 2
    assert not Organisation.objects.filter(name="Förening 12").exists()
    assert Organisation.objects.get(name="Förening 0").place == "Kalmar"


def test_after_seven_days_nothing_is_undone():
    one = taken_in(text(*many(1)))
    Import.objects.filter(pk=one.pk).update(finished_at=timezone.now() - timedelta(days=7, minutes=1))
    one.refresh_from_db()
    assert not may_undo(one)
    with pytest.raises(Refusal):
        undo_import(one, by=THE_SHELL)


def test_two_imports_are_not_written_at_once():
    first, second = checked(text(*many(1))), checked(text(*many(1, start=5)))
    Import.objects.filter(pk=first.pk).update(
        state=Import.State.WRITING, leased_until=timezone.now() + timedelta(minutes=1)
    )
    with pytest.raises(Refusal):
        write_import(second, by=THE_SHELL)


def test_what_came_into_the_directory_after_the_dry_run_is_not_made_twice():
    one = checked(text(*many(2)))
    created = create_organisation("Förening 1", by=THE_SHELL, place="Malmö")
    write_import(one, by=THE_SHELL)
    assert Organisation.objects.filter(name="Förening 1").get() == created
    assert rows(one)[1].kind == "came_meanwhile"


def test_the_worker_takes_up_what_waits_in_turns(monkeypatch):
    one = start_import(text(*many(1200)), "list.csv", by=THE_SHELL, language="en")
    checking.ask_check(one, by=THE_SHELL)
    monkeypatch.setattr(working, "TURN_SECONDS", 0.0001)
    turns = 0
    while working.is_an_import_waiting():
        working.work_on_imports()
        turns += 1
    one.refresh_from_db()
    assert turns >= 3 and one.state == Import.State.CHECKED and one.rows_total == 1200


# --- from the shell ---


def shell(path, *words, capsys) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        call_command("import_organisations", str(path), *words)
    return end.value.code, capsys.readouterr().out


def test_the_shell_reports_as_json_and_by_its_exit_code(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_bytes(text(*many(2)).getvalue())
    code, out = shell(path, "--dry-run", "--json", capsys=capsys)
    report = json.loads(out)
    assert code == 0 and not Organisation.objects.exists() and not Import.objects.exists()
    assert list(report) == ["encoding", "delimiter", "sheet", "header_row", "mapping", "counts", "rows"]
    assert report["counts"] == {
        "new": 2,
        "same": 0,
        "changed": 0,
        "conflict": 0,
        "doubtful": 0,
        "error": 0,
        "skipped": 0,
    }
    assert set(report["rows"][0]) == {"row", "status", "reason", "code", "fields"}
    code, out = shell(path, "--json", capsys=capsys)
    assert code == 0
    assert Organisation.objects.alive().filter(code=json.loads(out)["rows"][1]["code"]).exists()
    path.write_bytes(text(*many(2), "Förening 1;;Kalmar;").getvalue())
    assert shell(path, "--json", capsys=capsys)[0] == 3
    path.write_bytes(b"\x89PNG\r\n")
    assert shell(path, capsys=capsys)[0] == 2


def test_the_shell_takes_a_mapping(tmp_path, capsys):
    path, mapping = tmp_path / "list.csv", tmp_path / "m.json"
    path.write_bytes(text("Läxlyktan;;Malmö;").getvalue())
    mapping.write_text(json.dumps({"Namn": "name", "Ort": "region"}))
    code, out = shell(path, "--mapping", str(mapping), "--json", capsys=capsys)
    assert code == 0 and json.loads(out)["mapping"] == {"Namn": "name", "Ort": "region"}
    mapping.write_text(json.dumps({"Namn": "nonsense"}))
    assert shell(path, "--mapping", str(mapping), capsys=capsys)[0] == 2


# --- a power cut ---

SCRIPT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.killed_settings"
django.setup()
from samverk.directory.models import Import
from samverk.directory.importing.working import work_on
work_on(Import.objects.get(code=os.environ["IMPORT"]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["import.after_batch", "import.before_reveal", "import.after_changes"])
def test_killed_at_any_point_it_goes_on_and_the_doctor_finds_nothing(point):
    known = create_organisation("Förening 3", by=THE_SHELL, place="Malmö")
    one = checked(text(*many(1100)))
    from samverk.directory.importing.writing import ask_write

    one = ask_write(one, by=THE_SHELL)
    assert run_killed(one, point) == -signal.SIGKILL
    one.refresh_from_db()
    assert one.state == Import.State.WRITING
    if point != "import.after_changes":
        assert names() == {"Förening 3"}
    assert not working.is_an_import_waiting()
    Import.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    working.work_on_imports()
    one.refresh_from_db()
    known.refresh_from_db()
    assert one.state == Import.State.DONE and known.email == "info3@example.org"
    assert Organisation.objects.alive().count() == 1100
    assert Identifier.objects.count() == 1100
    assert working.import_faults() == []


def run_killed(one: Import, point: str) -> int:
    """Work on the import in a process of its own that ends at the point as by a power cut."""
    from django.conf import settings

    environment = os.environ | {
        "SAMVERK_TEST_KILL_AT": point,
        "SAMVERK_DATA": str(settings.SAMVERK_DATA),
        "IMPORT": one.code,
        "KILLED_DATABASE": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": os.getcwd(),
    }
    return subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=False).returncode  # noqa: S603


def test_the_header_of_the_tests_is_what_the_guess_reads():
    one = start_import(text("Läxlyktan;;Malmö;"), "list.csv", by=THE_SHELL, language="en")
    assert list(one.options["mapping"]) == HEADER.split(";")


def test_a_hand_edit_gives_way_to_the_file_in_all_rows_or_in_one_when_a_person_says_so():
    taken_in(text(*many(4)))
    for organisation in Organisation.objects.alive():
        edit_organisation(organisation, by=THE_SHELL, email="hand@example.org", place="Lund")
    one = checked(text(*many(4, place="Ystad")), "again.csv")
    with staging_of(one) as staging:
        assert conflicts_by_field(staging) == {"email": 4, "place": 4}
        assert waits_for_a_person(one, staging) == 4
    first = rows(one)[0]
    one = decide_alike(one, "hand:email", "file", by=THE_SHELL)
    one = decide_alike(one, "hand:place", "keep", by=THE_SHELL)
    one = decide_alike(one, f"row:{first.row}", "file", by=THE_SHELL)
    with staging_of(one) as staging:
        assert waits_for_a_person(one, staging) == 0
    assert write_import(one, by=THE_SHELL)
    found_now = Organisation.objects.alive().order_by("name").values_list("email", "place")
    assert [email for email, _place in found_now] == [f"info{n}@example.org" for n in range(4)]
    assert sorted(place for _email, place in found_now) == ["Lund", "Lund", "Lund", "Ystad"]
    undo_import(one, by=THE_SHELL)
    assert set(Organisation.objects.alive().values_list("email", "place")) == {("hand@example.org", "Lund")}


def test_an_answer_about_a_hand_edit_is_one_of_two():
    one = checked(text(*many(2)))
    for kind, answer in [
        ("hand:email", "new"),
        ("row:x", "file"),
        ("hand:" + "x" * 50, "file"),
        ("row:1", "skip"),
    ]:
        with pytest.raises(Refusal):
            decide_alike(one, kind, answer, by=THE_SHELL)
