"""Issuing: who gets one, in which language, in bulk, never twice; correcting and revoking."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest
from django.db import IntegrityError
from django.utils import timezone

from samverk.activities.commands.completion import rule_completion
from samverk.activities.completion import key_of
from samverk.activities.models import Attendance
from samverk.certificates.commands.forgetting import forget_certificates
from samverk.certificates.commands.issuing import (
    start_issuing,
    work_on_issuing,
    work_on_issuings,
)
from samverk.certificates.commands.revoking import correct_certificate, revoke_certificate
from samverk.certificates.commands.templates import add_signatory, save_activity_texts, save_template
from samverk.certificates.doctor import findings
from samverk.certificates.documents import certificate_document, certificates_document
from samverk.certificates.models import Certificate, Issuing
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.people.models import Person
from samverk.post.models import Mail
from samverk.trail.models import Entry
from tests.cast import as_person, make_person
from tests.certificates.courses import a_course, certified, issue, many_people, was_there


def test_who_reached_the_share_gets_one_and_who_did_not_gets_none(cast):
    activity = a_course(cast, minutes=100)
    enough = was_there(activity, cast.participant, 80)
    short = was_there(activity, cast.representative, 79)
    made = issue(activity, enough, short)
    assert [one.person for one in made] == [cast.participant]
    assert (made[0].minutes_attended, made[0].minutes_planned) == (80, 100)


def test_a_decision_by_hand_gives_one_and_takes_one_away(cast):
    activity = a_course(cast, minutes=100)
    enough, short = was_there(activity, cast.participant), was_there(activity, cast.representative, 50)
    by = as_person(cast.coordinator)
    rule_completion(activity, enough, completes=False, because="Slept in the room.", by=by)
    rule_completion(activity, short, completes=True, because="Did the rest at home.", by=by)
    assert [one.person for one in issue(activity, enough, short)] == [cast.representative]


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"share": None}, "no_rule"), ({"state": "cancelled"}, "cancelled"), ({"state": "draft"}, "draft")],
)
def test_no_certificate_without_a_rule_or_of_a_cancelled_activity(cast, fields, code):
    activity = a_course(cast, share=fields.get("share", 80))
    key = was_there(activity, cast.participant)
    if "state" in fields:
        type(activity).objects.filter(pk=activity.pk).update(state=fields["state"])
    with pytest.raises(Refusal) as no:
        start_issuing(activity, [key], by=THE_SHELL)
    assert no.value.code == code


def test_nobody_gets_two(cast):
    activity = a_course(cast)
    key = was_there(activity, cast.participant)
    issue(activity, key)
    with pytest.raises(Refusal) as no:
        start_issuing(activity, [key], by=THE_SHELL)
    assert no.value.code == "nobody"
    first = Certificate.objects.get()
    with pytest.raises(IntegrityError):
        Certificate.objects.create(
            activity=activity, person=cast.participant, language="sv", status_list=1, status_index=99,
            issued_at=first.issued_at,
        )  # fmt: skip


def test_two_coordinators_issue_at_once_and_the_second_waits(cast):
    activity = a_course(cast)
    start_issuing(activity, [was_there(activity, cast.participant)], by=THE_SHELL)
    with pytest.raises(Refusal) as no:
        start_issuing(activity, [was_there(activity, cast.representative)], by=THE_SHELL)
    assert no.value.code == "at_work"


def test_who_joins_a_shared_mailbox_later_has_her_certificate_and_no_second_one(cast):
    activity = a_course(cast)
    was_there(activity, cast.participant)
    registration = activity.registrations.get()
    type(registration).objects.update(person=None, given_name="Pia", family_name="Parkvall")
    Attendance.objects.filter(registration=registration).update(person=None)
    (made,) = issue(activity, key_of(None, registration.pk))
    assert made.person is None and made.name == "Pia Parkvall"
    type(registration).objects.update(person=cast.participant)
    Attendance.objects.filter(registration=registration).update(person=cast.participant)
    with pytest.raises(Refusal) as no:
        start_issuing(activity, [key_of(cast.participant.pk, None)], by=THE_SHELL)
    assert no.value.code == "nobody"


def test_each_gets_it_in_her_own_language_with_the_words_written_for_it(cast):
    activity = a_course(cast)
    by = as_person(cast.coordinator)
    save_activity_texts(activity, {"pl": {"title": "Księgowość", "contents": "Budżet\n\n  Bilans "}}, by=by)
    save_template(cast.programme, look={"place": "Malmö"}, texts={"pl": {"heading": "Dyplom"}}, by=by)
    people = {
        language: make_person("Per", f"Språk{language}", language=language)
        for language in ("sv", "pl", "en", "de", "nb")
    }
    issue(activity, *[was_there(activity, person) for person in people.values()])
    facts = {language: Certificate.objects.get(person=person).facts for language, person in people.items()}
    assert {language: one["language"] for language, one in facts.items()} == {key: key for key in people}
    assert facts["pl"]["heading"] == "Dyplom"
    assert facts["pl"]["title"] == "Księgowość"
    assert facts["pl"]["title_language"] == "pl"
    assert facts["pl"]["contents"] == ["Budżet", "Bilans"]
    assert facts["en"]["heading"] == "Certificate"
    assert facts["en"]["title"] == "Books for treasurers"
    assert facts["en"]["title_language"] == "sv"
    assert facts["en"]["place_and_day"].startswith("Malmö, ")
    assert ["Attended", "3\xa0h of 3\xa0h"] in facts["en"]["rows"]


def test_a_certificate_stays_as_it_was_issued(cast):
    made = certified(cast)
    before = dict(made.facts)
    by = as_person(cast.coordinator)
    save_template(cast.programme, look={"shows_hours": False}, texts={"sv": {"heading": "Annat"}}, by=by)
    Person.objects.filter(pk=cast.participant.pk).update(given_name="Other")
    made.refresh_from_db()
    assert made.facts == before
    assert findings() == []


def test_the_doctor_finds_content_that_was_altered(cast):
    made = certified(cast)
    Certificate.objects.filter(pk=made.pk).update(facts=made.facts | {"name": "Somebody Else"})
    assert findings() == [f"certificate {made.code}: its content is not what was issued"]


def test_the_mail_carries_the_personal_link_and_comes_once(cast):
    made = certified(cast)
    mails = Mail.objects.filter(kind="certificates.certificate", thing_id=made.pk)
    assert [mail.to for mail in mails] == [cast.participant.email]
    from samverk.certificates.messages import compose

    message = compose(mails[0])
    assert message.buttons[0][1].endswith(f"/certificates/{_token(made)}/")
    assert Entry.objects.filter(thing_type="certificate", verb="issue").count() == 1


def _token(certificate):
    from samverk.certificates.messages import certificate_token

    return certificate_token(certificate)


def test_a_thousand_are_issued_in_batches_by_the_worker_and_nobody_twice(cast):
    activity = a_course(cast)
    keys = many_people(activity, 120)
    issuing = start_issuing(activity, keys, by=as_person(cast.coordinator))
    assert work_on_issuings() == 1
    issuing.refresh_from_db()
    assert (issuing.done, issuing.issued) == (120, 120)
    assert issuing.finished_at is not None
    assert Certificate.objects.filter(issued_by=cast.coordinator).count() == 120
    assert work_on_issuings() == 0


def test_a_worker_that_died_loses_its_lease_and_another_goes_on(cast):
    activity = a_course(cast)
    issuing = start_issuing(activity, many_people(activity, 3), by=THE_SHELL)
    later = timezone.now() + timedelta(seconds=30)
    Issuing.objects.filter(pk=issuing.pk).update(leased_until=later)
    assert work_on_issuings() == 0
    Issuing.objects.filter(pk=issuing.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert work_on_issuings() == 1
    assert Certificate.objects.count() == 3


def test_work_stops_with_a_reason_where_the_activity_is_cancelled_meanwhile(cast):
    activity = a_course(cast)
    issuing = start_issuing(activity, many_people(activity, 2), by=THE_SHELL)
    type(activity).objects.filter(pk=activity.pk).update(state="cancelled")
    issuing = work_on_issuing(issuing)
    assert issuing.stopped_because == "This activity is cancelled. It has no certificates."
    assert not Certificate.objects.exists()


# ---------- revoking and correcting ----------


def test_revoking_needs_a_reason_and_happens_once(cast):
    made, by = certified(cast), as_person(cast.coordinator)
    with pytest.raises(Refusal) as no:
        revoke_certificate(made, because=" ", by=by)
    assert no.value.code == "no_reason"
    made = revoke_certificate(made, because="Another person of the same name.", by=by)
    assert made.is_revoked
    with pytest.raises(Refusal) as no:
        revoke_certificate(made, because="Again.", by=by)
    assert no.value.code == "revoked"
    told = Mail.objects.filter(kind="certificates.certificate", facts__why="revoked")
    assert told.count() == 1
    entry = Entry.objects.get(verb="revoke")
    assert entry.reason == "Another person of the same name."


def test_a_correction_is_a_new_one_that_names_the_old_one(cast):
    first, by = certified(cast), as_person(cast.coordinator)
    second = correct_certificate(first, name="Pia Park", because="Name misspelt.", by=by)
    third = correct_certificate(second, name="Pia Parkwall", because="Again.", by=by)
    chain = Certificate.objects.order_by("pk")
    assert [one.is_revoked for one in chain] == [True, True, False]
    assert third.replaces == second and second.replaces == first
    assert third.facts["replaces"].startswith(f"Replaces certificate {second.code} of ")
    assert third.name == "Pia Parkwall"
    assert Person.objects.get(pk=cast.participant.pk).family_name == "Parkvall"
    assert findings() == []
    with pytest.raises(Refusal) as no:
        correct_certificate(first, because="Too late.", by=by)
    assert no.value.code == "revoked"


def test_a_correction_takes_the_minutes_as_the_sheet_says_now(cast):
    made = certified(cast)
    was_there(made.activity, cast.participant, 150)
    fresh = correct_certificate(made, because="Left earlier.", by=as_person(cast.coordinator))
    assert fresh.minutes_attended == 150


def test_an_erasure_takes_every_word_and_leaves_the_number(cast):
    made = certified(cast)
    assert forget_certificates(cast.participant) == 1
    made.refresh_from_db()
    assert (made.facts, made.credential, made.digest) == ({}, "", "")
    assert made.code
    assert findings() == []
    assert forget_certificates(cast.participant) == 0


# ---------- on paper ----------


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def pages_of(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_page_says_what_was_frozen_and_where_to_check_it(cast):
    made = certified(cast)
    text = text_of(certificate_document(made))
    assert "Pia Parkvall" in text
    assert made.code in text
    assert f"/check/{made.check_code}/" in text.replace("\n", "")
    assert "Financed by the example fund." in text


@pytest.mark.parametrize(
    "name",
    [
        "Å" * 200,
        "Wolfeschlegelsteinhausen " * 8,
        "محمد بن سلمان الأحمد " * 5,
        "שרה כהן לוי",
        "Олена Шевченко",
        "#panic() $x$ *bold* <label> @ref \\ `raw`",
        "<script>alert(1)</script>",
        "王小明 ሰላም 🎓",
        "a\u202eb\u0000c",
    ],
)
def test_whatever_the_name_it_stays_one_page_and_is_text(cast, name):
    made = certified(cast)
    made.facts = made.facts | {
        "name": name,
        "title": "T " * 100,
        "contents": ["x y " * 40] * 20,
        "closing": "word " * 80,
        "rows": [["When", "w " * 100]] * 4,
    }
    pdf = certificate_document(made)
    assert pages_of(pdf) == 1


def test_the_page_is_tagged_and_says_its_title_and_language(cast):
    Person.objects.filter(pk=cast.participant.pk).update(language="pl")
    reader = pypdf.PdfReader(io.BytesIO(certificate_document(certified(cast))))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "pl"
    assert "/StructTreeRoot" in catalogue
    xmp = reader.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in xmp


def test_many_are_one_file_with_a_page_each(cast):
    activity = a_course(cast)
    made = issue(activity, *many_people(activity, 4))
    assert pages_of(certificates_document(made)) == 4


def test_signatures_stand_on_it_and_one_that_is_lost_keeps_nobody_from_hers(cast):
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(picture, "PNG")
    picture.seek(0)
    by = as_person(cast.coordinator)
    signatory = add_signatory(
        cast.programme, "Eva Nordlykta", "Coordinator", by=by, file=picture, file_name="s.png"
    )
    made = certified(cast)
    assert made.facts["signatures"] == [
        {"name": "Eva Nordlykta", "title": "Coordinator", "signatory": signatory.pk}
    ]
    assert "Eva Nordlykta" in text_of(certificate_document(made))
    signatory.picture.delete(save=False)
    assert "Eva Nordlykta" in text_of(certificate_document(made))


def test_a_signature_is_a_picture(cast):
    by = as_person(cast.coordinator)
    with pytest.raises(Refusal) as no:
        add_signatory(cast.programme, "Eva", by=by, file=io.BytesIO(b"%PDF-1.7 x"), file_name="s.pdf")
    assert no.value.code == "no_picture"
    with pytest.raises(Refusal):
        add_signatory(cast.programme, "Eva", by=by, file=io.BytesIO(b"<svg/>"), file_name="s.svg")
    for name in ("A", "B", "C"):
        add_signatory(cast.programme, name, by=by)
    with pytest.raises(Refusal) as no:
        add_signatory(cast.programme, "D", by=by)
    assert no.value.code == "too_many_signatories"
