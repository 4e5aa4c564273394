"""The screens of hours: by link, signed in, for the employer, in the office."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from django.urls import reverse

from samverk.activities.choices import Mark
from samverk.activities.commands.attendance import correct_attendance
from samverk.activities.models import Attendance
from samverk.kit.acting import THE_SHELL, Actor
from samverk.ledger.commands.asking import make_statements
from samverk.ledger.commands.filing import file_paper_statement
from samverk.ledger.commands.judging import judge_stale
from samverk.ledger.documents import statement_document
from samverk.ledger.messages import statement_token
from samverk.ledger.models import Attestation, Evidence, SealedPeriod, Statement
from samverk.ledger.queries import statement_lines
from samverk.post.models import Mail
from tests.cast import make_person
from tests.ledger.ledger_cast import MARCH, at, course, held, live, programme_with_line, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def march(cast):
    activity = course(cast.programme)
    held(activity, at(3), 150, [(cast.participant, cast.organisation)])
    held(activity, at(19), 120, [(cast.participant, cast.organisation)])
    make_statements(MARCH)
    return Statement.objects.select_related("person").get()


def link(statement: Statement, name: str = "statement") -> str:
    return reverse(f"portal:{name}", kwargs={"token": statement_token(statement)})


def answers(statement: Statement, **wrong: str) -> dict[str, str]:
    form = {}
    for line in statement_lines(statement):
        because = wrong.get(f"line_{line.pk}", "")
        form |= {f"line_{line.pk}": "wrong" if because else "right", f"because_{line.pk}": because}
    return form


def text(answer) -> str:
    plain = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(plain.replace("\u00a0", " ").split())


def judged() -> None:
    while judge_stale():
        pass


# ---------- by link ----------


def test_opening_a_link_shows_the_hours_and_signs_nothing(march, client):
    page = client.get(link(march))
    assert "2 meetings, 4 h 30 min." in text(page)
    assert "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert not Attestation.objects.exists() and not march.answers.exists()


def test_the_page_is_large_by_itself_and_keeps_a_chosen_size(march, client):
    assert 'data-size="lg"' in client.get(link(march)).content.decode()
    client.cookies["comfort"] = "A.auto.motion"
    assert 'data-size="md"' in client.get(link(march)).content.decode()


def test_right_for_all_then_one_button_signs(march, client):
    answer = client.post(link(march), answers(march))
    assert answer.status_code == 302 and answer["Location"].endswith("/sign/")
    check = client.get(link(march, "statement_sign"))
    assert "I confirm 4 h 30 min" in text(check)
    digest = re.search(r'name="text_digest" value="(\w+)"', check.content.decode()).group(1)
    client.post(link(march, "statement_sign"), {"text_digest": digest})
    signature = Attestation.objects.get()
    assert (signature.method, signature.text_digest) == ("link", digest)
    assert "Confirmed." in text(client.get(link(march)))


def test_signed_in_as_herself_the_method_is_the_code(march, sign_in):
    browser = sign_in(march.person)
    browser.post(link(march), answers(march))
    check = browser.get(link(march, "statement_sign"))
    digest = re.search(r'name="text_digest" value="(\w+)"', check.content.decode()).group(1)
    browser.post(link(march, "statement_sign"), {"text_digest": digest})
    assert Attestation.objects.get().method == "code"


def test_wrong_without_a_reason_comes_back_with_what_was_typed(march, client):
    line = live()[1]
    form = answers(march) | {f"line_{line.pk}": "wrong"}
    page = client.post(link(march), form)
    assert page.status_code == 422
    assert "Write what is wrong" in text(page)
    assert f'name="line_{line.pk}" value="wrong" id="id_line_{line.pk}_1" checked' in page.content.decode()
    assert not march.answers.exists()


def test_what_is_wrong_is_named_on_the_check_page_and_left_out_of_the_text(march, client):
    line = live()[1]
    client.post(link(march), answers(march, **{f"line_{line.pk}": "I left at 10."}))
    said = text(client.get(link(march, "statement_sign")))
    assert "I confirm 2 h 30 min" in said and "These are not signed." in said


def test_signing_a_page_that_grew_old_is_refused(march, client):
    client.post(link(march), answers(march))
    check = client.get(link(march, "statement_sign"))
    digest = re.search(r'name="text_digest" value="(\w+)"', check.content.decode()).group(1)
    row = Attendance.objects.get(pk=live()[0].attendance_id)
    correct_attendance(row, Mark.PART, by=THE_SHELL, reason="left", came_at=at(3, 9), left_at=at(3, 10))
    answer = client.post(link(march, "statement_sign"), {"text_digest": digest}, follow=True)
    assert not Attestation.objects.exists()
    assert "first" in text(answer) or "changed" in text(answer)


@pytest.mark.parametrize("token", ["x", "W10:1x:2", "a" * 60])
def test_a_link_that_is_not_ours_is_not_found(march, client, token):
    assert client.get(reverse("portal:statement", kwargs={"token": token})).status_code == 404


def test_after_a_change_the_page_says_what_changed(march, client):
    sign(march)
    row = Attendance.objects.get(pk=live()[1].attendance_id)
    correct_attendance(row, Mark.PART, by=THE_SHELL, reason="left", came_at=at(19, 9), left_at=at(19, 10))
    said = text(client.get(link(march)))
    assert "Something changed since you confirmed:" in said and "2 h became 1 h" in said


def test_my_hours_lists_every_month_of_mine_and_of_nobody_else(march, cast, sign_in, queries):
    held(course(cast.other_programme), at(9, month=2), 60, [(cast.participant, None)])
    held(course(cast.other_programme, "Somebody else's"), at(9, month=1), 600, [(cast.representative, None)])
    page = text(sign_in(cast.participant).get(reverse("portal:hours")))
    assert "March 2026" in page and "4 h 30 min" in page and "February 2026" in page and "January" not in page


# ---------- the employer ----------


def test_the_employer_sees_who_is_ready_who_must_confirm_first_and_never_signs_own(march, cast, sign_in):
    from samverk.programmes.commands import add_funding_line, load_rule_sets

    rules = next(rules for rules in load_rule_sets(by=THE_SHELL) if rules.code == "SE-ESF-2014-PO1")
    add_funding_line(cast.programme, "march", "March", rule_set=rules, by=THE_SHELL)
    held(course(cast.programme), at(25), 60, [(cast.representative, cast.organisation)])
    browser = sign_in(cast.representative)
    address = reverse("portal:countersign", args=[cast.organisation.code]) + "?month=2026-03"
    before = text(browser.get(address))
    assert "The person confirms first" in before and "Your own: somebody else confirms" in before
    make_statements(MARCH)
    for statement in Statement.objects.select_related("person"):
        sign(statement)
    page = browser.get(address)
    assert "1 person, 4 h 30 min" in text(page)
    fields = dict(re.findall(r'name="(digest_\d+)" value="(\w+)"', page.content.decode()))
    picks = re.findall(r'name="person" value="(\d+)"', page.content.decode())
    assert picks == [str(march.pk)]
    other = Statement.objects.get(person=cast.representative)
    browser.post(address, fields | {"person": [str(march.pk), str(other.pk)]})
    signature = Attestation.objects.get(role="employer")
    assert signature.statement == march
    assert all(bool(entry.countersigned_at) == (entry.person == cast.participant) for entry in live())


def test_a_colleague_with_protected_identity_stands_under_an_alias_in_the_employers_list(cast, sign_in):
    from samverk.programmes.commands import add_funding_line, load_rule_sets

    rules = next(rules for rules in load_rule_sets(by=THE_SHELL) if rules.code == "SE-ESF-2014-PO1")
    add_funding_line(cast.programme, "march", "March", rule_set=rules, by=THE_SHELL)
    held(course(cast.programme), at(25), 60, [(cast.protected, cast.organisation)])
    make_statements(MARCH)
    sign(Statement.objects.get())
    page = sign_in(cast.representative).get(reverse("portal:countersign", args=[cast.organisation.code]))
    assert "Skyddsvik" not in page.content.decode() and "Participant " in text(page)


# ---------- the office ----------


def test_the_list_shows_each_line_with_its_state_and_the_tabs_count_them(march, cast, sign_in):
    judged()
    page = text(sign_in(cast.coordinator).get(reverse("office:hours")))
    assert "Pia Parkvall" in page and "Not signed" in page
    assert "2 lines , March 2026." in page
    assert (
        text(sign_in(cast.coordinator).get(reverse("office:hours") + "?tab=counts")).count("Pia Parkvall")
        == 0
    )


def test_the_list_filters_by_person_reason_and_month(march, cast, sign_in):
    held(course(cast.programme), at(9, month=2), 60, [(cast.representative, cast.organisation)])
    judged()
    browser = sign_in(cast.coordinator)
    address = reverse("office:hours")
    assert "Rut" not in text(browser.get(address + "?month=2026-03"))
    assert "Rut" in text(browser.get(address + "?month=all&q=rut"))
    assert "Pia" not in text(browser.get(address + "?month=all&q=rut"))
    assert "Pia" in text(browser.get(address + "?month=all&reason=not_attested"))
    assert "No hours here" in text(browser.get(address + "?month=all&reason=cap_reached"))


def test_lists_ask_the_database_as_often_with_many_rows_as_with_few(march, cast, sign_in, queries):
    browser = sign_in(cast.coordinator)
    judged()
    pages = [reverse("office:hours"), reverse("office:statements")]
    few = [queries(lambda page=page: browser.get(page)) for page in pages]
    activity = course(cast.programme)
    for number in range(6):
        held(activity, at(5 + number), 60, [(make_person(f"P{number}", "Person"), cast.organisation)])
    make_statements(MARCH)
    judged()
    assert [queries(lambda page=page: browser.get(page)) for page in pages] == few


def test_a_coordinator_of_another_programme_sees_none_of_it(march, cast, sign_in):
    browser = sign_in(cast.other_coordinator)
    assert "Parkvall" not in text(browser.get(reverse("office:hours")))
    assert "Parkvall" not in text(browser.get(reverse("office:statements")))


def test_protected_identity_stands_under_an_alias_and_is_found_by_nobody(cast, sign_in):
    held(course(cast.programme), at(3), 60, [(cast.protected, cast.organisation)])
    make_statements(MARCH)
    judged()
    browser = sign_in(cast.coordinator)
    entry = live()[0]
    statement = Statement.objects.get()
    sign(statement)
    for address in (
        reverse("office:hours"),
        reverse("office:hour", args=[entry.code]),
        reverse("office:statements"),
        reverse("office:statement", args=[statement.code]),
        reverse("office:statements_send") + "?month=2026-03",
    ):
        page = browser.get(address).content.decode()
        assert "Skyddsvik" not in page and "Hemliga" not in page, address
    assert "No hours here" in text(browser.get(reverse("office:hours") + "?q=skyddsvik"))
    paper = browser.get(reverse("office:statement_paper", args=[statement.code]))
    assert "Skyddsvik" not in pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()


def test_a_line_says_why_it_does_not_count_step_by_step(march, cast, sign_in):
    judged()
    page = text(sign_in(cast.coordinator).get(reverse("office:hour", args=[live()[0].code])))
    assert "Why this hour does not count" in page
    assert "Attestation is missing from the person and the employer." in page
    assert "Here from 09:00 to 11:30: 2 h 30 min." in page and "Posted from attendance" in page


def test_a_line_that_counts_says_what_its_month_comes_to(cast, sign_in):
    from samverk.programmes.commands import give_seat

    programme, _line = programme_with_line("ONE")
    give_seat(programme, cast.coordinator, "coordinator", by=THE_SHELL)
    held(course(programme), at(3), 150, [(cast.participant, cast.organisation)])
    judged()
    page = text(sign_in(cast.coordinator).get(reverse("office:hour", args=[live()[0].code])))
    assert "Why this hour counts" in page and "2 h 30 min of 2 h 30 min count." in page
    assert "Its month comes to 2 h at 300 SEK: 600 SEK" in page


def test_a_line_that_counts_on_one_funding_line_counts_in_the_list_and_by_its_tab(march, cast, sign_in):
    from samverk.programmes.commands import add_funding_line
    from tests.ledger.ledger_cast import rule_set

    add_funding_line(cast.programme, "muni", "Municipality", rule_set=rule_set("MUNI"), by=THE_SHELL)
    activity = course(cast.programme, "Later")
    held(activity, at(28), 60, [(cast.participant, cast.organisation)])
    judged()
    browser = sign_in(cast.coordinator)
    assert "Not signed 0" in text(browser.get(reverse("office:hours") + "?tab=counts"))
    page = text(browser.get(reverse("office:hour", args=[live()[-1].code])))
    assert "1 h of 1 h count." in page and "count. Attestation" not in page


def test_an_overlap_names_the_other_programme_only_to_who_may_see_it(cast, sign_in):
    from samverk.programmes.commands import give_seat

    secret, _line = programme_with_line("SECRET")
    second, _line = programme_with_line("TWO")
    give_seat(second, cast.coordinator, "coordinator", by=THE_SHELL)
    held(course(secret, "Hidden meeting"), at(3), 120, [(cast.participant, None)])
    held(course(second), at(3, 10), 120, [(cast.participant, None)])
    judged()
    address = reverse("office:hour", args=[live()[1].code])
    hidden = text(sign_in(cast.coordinator).get(address))
    assert "another programme" in hidden
    assert (
        "SECRET" not in hidden
        and "Hidden meeting" not in hidden
        and "09:00" not in hidden.replace("Here from", "")
    )
    give_seat(secret, cast.coordinator, "viewer", by=THE_SHELL)
    shown = text(sign_in(cast.coordinator).get(address))
    assert "SECRET" in shown and "Hidden meeting" in shown


def test_the_inputs_of_a_decision_are_a_file_unless_they_name_hours_one_may_not_see(cast, sign_in):
    from samverk.ledger.models import PersonMonth
    from samverk.programmes.commands import give_seat

    secret, _line = programme_with_line("SECRET")
    second, line = programme_with_line("TWO")
    give_seat(second, cast.coordinator, "coordinator", by=THE_SHELL)
    held(course(secret), at(3), 120, [(cast.participant, None)])
    held(course(second), at(3, 10), 120, [(cast.participant, None)])
    held(course(second), at(4, 10), 120, [(cast.representative, None)])
    judged()
    browser = sign_in(cast.coordinator)
    answers = []
    for entry in live()[1:]:
        decision = PersonMonth.objects.get(funding_line=line, person=entry.person)
        address = reverse("office:decision_inputs", args=[entry.code, decision.pk])
        answers.append(browser.get(address))
    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[1].json()["presences"][0]["minutes"] == 120


def test_the_list_leaves_as_csv_with_aliases_for_the_protected(march, cast, sign_in):
    held(course(cast.programme), at(5), 60, [(cast.protected, cast.organisation)])
    answer = sign_in(cast.coordinator).get(reverse("office:hours_export"))
    said = b"".join(answer.streaming_content).decode()
    assert "Pia Parkvall" in said and "Skyddsvik" not in said and said.count("\n") == 4


def test_asking_says_to_whom_before_it_sends(cast, sign_in):
    held(
        course(cast.programme),
        at(3),
        60,
        [(cast.participant, None), (make_person("Sven", "Utan", email=None), None)],
    )
    browser = sign_in(cast.coordinator)
    page = browser.get(reverse("office:statements_send") + "?month=2026-03")
    assert "Send to 1 person" in text(page) and "Sven Utan" in text(page)
    assert not Mail.objects.filter(kind="ledger.statement").exists()
    browser.post(reverse("office:statements_send"), {"month": "2026-03"})
    assert Mail.objects.filter(kind="ledger.statement").count() == 1
    assert Statement.objects.count() == 2


def test_a_coordinator_asks_only_for_hours_of_own_programmes(cast, sign_in):
    held(course(cast.other_programme), at(3), 60, [(cast.participant, None)])
    sign_in(cast.coordinator).post(reverse("office:statements_send"), {"month": "2026-03"})
    assert not Statement.objects.exists()


def test_the_paper_holds_the_lines_a_place_to_sign_and_the_number(march):
    document = pypdf.PdfReader(io.BytesIO(statement_document(march, statement_lines(march), "en")))
    said = document.pages[0].extract_text()
    assert "First aid" in said and "Läxlyktan" in said and march.code in said
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_paper_that_came_back_is_filed_through_the_door(march, cast, sign_in):
    browser = sign_in(cast.coordinator)
    file = io.BytesIO(b"%PDF-1.7 signed")
    file.name = "scan.pdf"
    first = live()[0]
    address = reverse("office:statement_file", args=[march.code])
    answer = browser.post(address, {"file": file, "lines": [first.code]})
    assert answer.status_code == 302
    assert Attestation.objects.get().entries == {str(first.pk): 150}
    kept = Evidence.objects.get()
    download = browser.get(reverse("office:evidence", args=[kept.code]))
    assert (
        download["Content-Security-Policy"].startswith("sandbox")
        and "attachment" in download["Content-Disposition"]
    )
    assert b"".join(download.streaming_content) == b"%PDF-1.7 signed"
    assert kept.file.name.startswith("evidence/") and "scan" not in kept.file.name


def test_a_file_of_another_kind_is_refused_by_its_field(march, cast, sign_in):
    file = io.BytesIO(b"<html>")
    file.name = "scan.pdf"
    address = reverse("office:statement_file", args=[march.code])
    page = sign_in(cast.coordinator).post(address, {"file": file, "lines": [line.code for line in live()]})
    assert page.status_code == 422 and "This is no PDF" in text(page)
    assert not Evidence.objects.exists()


def test_a_dispute_is_seen_and_settled_by_the_coordinator(march, cast, sign_in):
    line = live()[1]
    sign(march, {line.pk: "I left at 10."})
    browser = sign_in(cast.coordinator)
    address = reverse("office:statement", args=[march.code])
    assert "I left at 10." in text(browser.get(address))
    browser.post(
        reverse("office:dispute_settle", args=[march.code, line.code]), {"because": "The list says 11."}
    )
    assert "Asked again" in text(browser.get(address))


def test_sealing_shows_what_it_seals_and_what_is_in_the_way(march, cast, sign_in):
    browser = sign_in(cast.coordinator)
    address = reverse("office:period_seal", args=[cast.programme.code])
    query = "?first=2026-03&last=2026-03"
    assert "decisions wait to be judged" in text(browser.get(address + query))
    judged()
    page = text(browser.get(address + query))
    assert "Seal March 2026" in page and "2 lines of hours." in page
    assert not SealedPeriod.objects.exists()
    browser.post(address, {"first": "2026-03", "last": "2026-03"})
    seal = SealedPeriod.objects.get()
    assert (str(seal.starts), str(seal.ends)) == ("2026-03-01", "2026-03-31")
    browser.post(reverse("office:period_reopen", args=[cast.programme.code, seal.pk]), {"because": ""})
    seal.refresh_from_db()
    assert seal.reopened_at is None
    browser.post(
        reverse("office:period_reopen", args=[cast.programme.code, seal.pk]), {"because": "An error."}
    )
    seal.refresh_from_db()
    assert seal.reopened_because == "An error."


def test_a_signed_list_is_filed_from_the_session(march, cast, sign_in):
    file = io.BytesIO(b"%PDF-1.7 list")
    file.name = "list.pdf"
    session = live()[0].session
    address = reverse("office:session_evidence", args=[session.code])
    answer = sign_in(cast.coordinator).post(address, {"file": file, "original_kept": "on"}, follow=True)
    assert "The list is filed." in text(answer) and "list.pdf" in text(answer)


def test_papers_of_other_programmes_are_not_found(march, cast, sign_in):
    signature = file_paper_statement(
        march, io.BytesIO(b"%PDF-1.7 x"), "x.pdf", by=Actor(person=cast.coordinator)
    )
    address = reverse("office:evidence", args=[signature.evidence.code])
    assert sign_in(cast.other_coordinator).get(address).status_code == 404
    assert sign_in(cast.participant).get(address).status_code == 404
