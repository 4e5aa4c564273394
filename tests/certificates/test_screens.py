"""Certificates on screens: the office's page, the person's own, the page anybody checks by."""

from __future__ import annotations

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from samverk.activities.messages import place_token
from samverk.certificates.commands.forgetting import forget_certificates
from samverk.certificates.commands.issuing import start_issuing
from samverk.certificates.commands.revoking import correct_certificate, revoke_certificate
from samverk.certificates.messages import certificate_token
from samverk.certificates.models import Certificate, CertificateTemplate, Signatory
from samverk.kit.acting import THE_SHELL
from samverk.kit.codes import make_link
from samverk.kit.middleware import masked_path
from samverk.people.models import Person
from tests.cast import as_person
from tests.certificates.courses import a_course, certified, issue, many_people, was_there
from tests.certificates.test_issuing import pages_of, text_of


def shown(answer) -> str:
    """The words of a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def check_page(client, certificate, language="en"):
    return client.get(f"/{language}/check/{certificate.check_code}/")


def own_page(client, certificate):
    return client.get(reverse("portal:certificate", args=[certificate_token(certificate)]))


# ---------- the check page ----------


def test_the_check_page_repeats_every_line_of_the_certificate_and_no_more(cast, client):
    made = certified(cast)
    answer = check_page(client, made)
    text = shown(answer)
    facts = made.facts
    lines = [facts["heading"], facts["name"], facts["statement"], facts["title"], facts["place_and_day"],
             facts["number"], facts["programme"], *facts["contents"], *[value for row in facts["rows"] for value in row]]  # fmt: skip
    for line in lines:
        assert " ".join(line.split()) in text
    for secret in (cast.participant.email, cast.organisation.name, certificate_token(made)):
        assert secret not in answer.content.decode()
    assert "noindex" in answer.content.decode()
    assert answer["Cache-Control"].startswith("no-store") or "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_the_address_on_paper_needs_no_language_and_is_masked_in_logs(cast, client):
    made = certified(cast)
    answer = client.get(f"/check/{made.check_code}/", headers={"accept-language": "pl"})
    assert answer["Location"] == f"/pl/check/{made.check_code}/"
    assert made.check_code not in masked_path(answer["Location"])
    assert certificate_token(made) not in masked_path(f"/en/certificates/{certificate_token(made)}/")


def test_an_address_nobody_was_given_is_not_found(cast, client):
    certified(cast)
    for code in ("BCDFGHJKMNPQRSTVWXZB", "x", "%00", "ÅÄÖ", "../../etc"):
        assert client.get(f"/en/check/{code}/").status_code in (400, 404)


def test_there_is_no_check_page_for_protected_identity_also_when_it_began_later(cast, client):
    made = certified(cast, cast.protected)
    assert check_page(client, made).status_code == 404
    other = issue(made.activity, was_there(made.activity, cast.participant))[-1]
    assert check_page(client, other).status_code == 200
    Person.objects.filter(pk=cast.participant.pk).update(is_protected=True)
    answer = check_page(client, other)
    assert answer.status_code == 404
    assert "Parkvall" not in answer.content.decode()


def test_the_page_of_a_revoked_one_says_so_since_when_and_not_why(cast, client):
    made = certified(cast)
    revoke_certificate(made, because="Secret reason.", by=as_person(cast.coordinator))
    answer = shown(check_page(client, made))
    assert "It was revoked on" in answer and "It no longer counts." in answer
    assert "Secret reason." not in answer


def test_the_page_of_a_corrected_one_names_the_new_number_but_not_its_address(cast, client):
    made = certified(cast)
    fresh = correct_certificate(made, name="Pia Ny", because="Name.", by=as_person(cast.coordinator))
    old, new = check_page(client, made), check_page(client, fresh)
    assert f"Certificate {fresh.code} replaces it." in shown(old)
    assert fresh.check_code not in old.content.decode() and "Pia Ny" not in old.content.decode()
    assert "It counts," in shown(new) and f"Replaces certificate {made.code}" in shown(new)


def test_after_an_erasure_nothing_is_left_to_see(cast, client):
    made = certified(cast)
    own = reverse("portal:certificate", args=[certificate_token(made)])
    forget_certificates(cast.participant)
    assert check_page(client, made).status_code == 404
    assert client.get(own).status_code == 404


# ---------- her own ----------


def test_the_personal_link_opens_shows_and_downloads_without_an_account(cast, client):
    made = certified(cast)
    answer = own_page(client, made)
    assert "Pia Parkvall" in shown(answer)
    pdf = client.get(reverse("portal:certificate_pdf", args=[certificate_token(made)]))
    assert pdf["Content-Type"] == "application/pdf"
    assert "attachment" in pdf["Content-Disposition"]
    assert "Pia Parkvall" in text_of(pdf.content)
    badge = client.get(reverse("portal:certificate_badge", args=[certificate_token(made)]))
    assert badge.content.decode() == made.credential


def test_somebody_elses_certificate_is_not_found_whatever_one_tries(cast, client):
    made = certified(cast)
    token = certificate_token(made)
    others = [
        make_link("place", made.pk, made.link_version),
        make_link("certificate", made.pk + 1, 1),
        make_link("certificate", made.pk, made.link_version + 1),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        made.code,
        str(made.pk),
    ]
    for other in others:
        for name in ("certificate", "certificate_pdf", "certificate_badge"):
            assert client.get(reverse(f"portal:{name}", args=[other])).status_code == 404


def test_a_protected_person_downloads_hers_and_its_page_leads_nobody_anywhere(cast, client):
    made = certified(cast, cast.protected)
    answer = own_page(client, made)
    assert "Your identity is protected" in shown(answer)
    assert made.check_code not in answer.content.decode()
    text = text_of(client.get(reverse("portal:certificate_pdf", args=[certificate_token(made)])).content)
    assert "Hemliga Skyddsvik" in text and "/check/" not in text


def test_my_place_shows_the_certificate_but_not_that_of_a_protected_person(cast, client):
    made = certified(cast)
    place = made.activity.registrations.get(person=cast.participant)
    answer = client.get(reverse("portal:place", args=[place_token(place)]))
    assert made.code in answer.content.decode()
    hidden = issue(made.activity, was_there(made.activity, cast.protected))[-1]
    place = made.activity.registrations.get(person=cast.protected)
    answer = client.get(reverse("portal:place", args=[place_token(place)]))
    assert hidden.code not in answer.content.decode()


# ---------- the office ----------


def address(name, *args):
    return reverse(f"office:{name}", args=args)


def test_the_list_says_who_passes_who_does_not_and_why(cast, sign_in):
    activity = a_course(cast)
    was_there(activity, cast.participant)
    was_there(activity, cast.representative, 60)
    answer = sign_in(cast.coordinator).get(address("certificates", activity.code) + "?tab=all")
    text = shown(answer)
    assert "1 person has completed it" in text
    assert "Attended 3 h of 3 h, at least 80 %." in text
    assert "Attended 1 h of 3 h, less than 80 %." in text


def test_without_a_rule_the_page_asks_for_one_and_a_wrong_one_stays_as_typed(cast, sign_in):
    activity = a_course(cast, share=None)
    was_there(activity, cast.participant)
    office = sign_in(cast.coordinator)
    page = address("certificates", activity.code)
    assert "Say how much one must attend." in shown(office.get(page))
    answer = office.post(address("completion_set", activity.code), {"share": "0"})
    assert answer.status_code == 422
    assert "Write 1 or more." in shown(answer)
    office.post(address("completion_set", activity.code), {"share": "79.5"})
    activity.refresh_from_db()
    assert str(activity.completion_share) == "79.50"
    assert 'value="79.5"' in office.get(page).content.decode()


def test_a_few_are_issued_at_once_and_many_show_progress(cast, sign_in):
    activity = a_course(cast)
    many_people(activity, 3)
    office = sign_in(cast.coordinator)
    answer = office.post(address("certificates_issue", activity.code), follow=True)
    assert "3 certificates are issued." in shown(answer)
    second = a_course(cast, title="Another")
    for person in Person.objects.filter(family_name__startswith="Person0"):
        was_there(second, person)
    start_issuing(
        second, [f"p{pk}" for pk in second.registrations.values_list("person", flat=True)], by=THE_SHELL
    )
    answer = office.get(address("certificates", second.code))
    assert "Certificates are being issued" in shown(answer) and "0 of 3" in shown(answer)


def test_only_those_who_were_picked_get_one(cast, sign_in):
    activity = a_course(cast)
    key = was_there(activity, cast.participant)
    was_there(activity, cast.representative)
    sign_in(cast.coordinator).post(
        address("certificates_issue", activity.code), {"pick": [key, "p999999", "x"]}
    )
    assert [one.person for one in Certificate.objects.all()] == [cast.participant]


def test_in_the_office_a_protected_person_is_an_alias_and_her_certificate_stays_closed(cast, sign_in):
    made = certified(cast, cast.protected)
    office = sign_in(cast.coordinator)
    pages = [
        address("certificates", made.activity.code) + "?tab=all",
        address("certificate", made.code),
        address("completion_why", made.activity.code, f"p{cast.protected.pk}"),
    ]
    for page in pages:
        answer = office.get(page)
        assert answer.status_code == 200
        assert "Skyddsvik" not in answer.content.decode() and "Hemliga" not in answer.content.decode()
    assert office.get(address("certificate_pdf", made.code)).status_code == 404
    assert office.get(address("certificates_print", made.activity.code)).status_code == 404
    answer = office.post(
        address("certificate_correct", made.code), {"correct-language": "pl", "correct-because": "Language."}
    )
    assert answer.status_code == 302
    fresh = Certificate.objects.live().get()
    assert fresh.name == "Hemliga Skyddsvik" and fresh.language == "pl"
    revoke_certificate(fresh, because="X.", by=THE_SHELL)
    assert "Skyddsvik" not in office.get(pages[0]).content.decode()


def test_all_are_printed_on_one_file_without_protected_people(cast, sign_in):
    activity = a_course(cast)
    keys = [was_there(activity, person) for person in (cast.participant, cast.representative, cast.protected)]
    issue(activity, *keys)
    answer = sign_in(cast.coordinator).get(address("certificates_print", activity.code))
    assert pages_of(answer.content) == 2
    assert "Skyddsvik" not in text_of(answer.content)


def test_a_decision_by_hand_is_made_and_taken_back_on_the_persons_page(cast, sign_in):
    activity = a_course(cast)
    key = was_there(activity, cast.participant, 60)
    office = sign_in(cast.coordinator)
    page = address("completion_why", activity.code, key)
    answer = office.post(address("completion_rule", activity.code, key), {"completes": "yes", "because": ""})
    assert answer.status_code == 422 and "Write why, in one sentence." in shown(answer)
    office.post(address("completion_rule", activity.code, key), {"completes": "yes", "because": "Home work."})
    assert "Decided by hand: Home work." in shown(office.get(page))
    office.post(address("completion_withdraw", activity.code, key))
    assert "Not completed." in shown(office.get(page))
    assert office.get(address("completion_why", activity.code, "p999")).status_code == 404


def test_revoking_and_correcting_ask_why_and_keep_what_was_typed(cast, sign_in):
    made = certified(cast)
    office = sign_in(cast.coordinator)
    answer = office.post(address("certificate_revoke", made.code), {"revoke-because": ""})
    assert answer.status_code == 422
    answer = office.post(
        address("certificate_correct", made.code),
        {"correct-name": "Pia Ny", "correct-language": "xx", "correct-because": "Name"},
    )
    assert answer.status_code == 422 and 'value="Pia Ny"' in answer.content.decode()
    office.post(
        address("certificate_correct", made.code),
        {"correct-name": "Pia Ny", "correct-language": "en", "correct-because": "Name"},
    )
    fresh = Certificate.objects.live().get()
    assert (fresh.name, fresh.replaces) == ("Pia Ny", made)
    answer = office.post(address("certificate_revoke", made.code), {"revoke-because": "Twice"})
    assert answer.status_code == 422 and "revoked already" in shown(answer)


def test_another_programmes_coordinator_sees_none_of_it(cast, sign_in):
    made = certified(cast)
    other = sign_in(cast.other_coordinator)
    for page in (
        address("certificates", made.activity.code),
        address("certificate", made.code),
        address("certificate_pdf", made.code),
        address("certificate_template", cast.programme.code),
    ):
        assert other.get(page).status_code == 404


def test_the_template_is_previewed_as_picture_and_as_pdf_and_nothing_is_saved(cast, sign_in):
    certified(cast)
    office = sign_in(cast.coordinator)
    page = address("certificate_template", cast.programme.code)
    assert "data:image/png;base64," in office.get(page).content.decode()
    typed = {"language": "pl", "text-heading": "Dyplom uznania", "place": "Radom"}
    preview = address("certificate_preview", cast.programme.code)
    part = office.post(preview, typed, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="preview"')
    assert "<html" not in part.content.decode()
    whole = office.post(preview, typed)
    assert 'value="Dyplom uznania"' in whole.content.decode()
    pdf = office.post(preview, typed | {"pdf": "yes"})
    assert "Dyplom uznania" in text_of(pdf.content)
    assert "Pia" not in text_of(pdf.content)
    assert not CertificateTemplate.objects.exists()
    office.post(page, typed)
    template = CertificateTemplate.objects.get()
    assert template.texts.get(language="pl").heading == "Dyplom uznania"
    assert not template.shows_hours


def test_a_signature_comes_as_a_picture_and_anything_else_is_refused_at_the_field(cast, sign_in):
    office = sign_in(cast.coordinator)
    add = address("signatory_add", cast.programme.code)
    wrong = SimpleUploadedFile("s.png", b"not a picture at all")
    answer = office.post(add, {"name": "Eva", "file": wrong})
    assert answer.status_code == 422 and 'value="Eva"' in answer.content.decode()
    picture = io.BytesIO()
    Image.new("RGB", (30, 10), "white").save(picture, "PNG")
    office.post(
        add, {"name": "Eva", "title": "Chair", "file": SimpleUploadedFile("s.png", picture.getvalue())}
    )
    signatory = Signatory.objects.get()
    assert (signatory.width, signatory.height) == (30, 10)
    office.post(address("signatory_end", cast.programme.code, signatory.pk))
    signatory.refresh_from_db()
    assert signatory.ended_at is not None


def test_the_list_costs_the_same_with_one_and_with_many(cast, sign_in, queries):
    activity = a_course(cast)
    issue(activity, was_there(activity, cast.participant))
    office = sign_in(cast.coordinator)
    page = address("certificates", activity.code) + "?tab=all"
    office.get(page)
    one = queries(lambda: office.get(page))
    issue(activity, *many_people(activity, 30))
    assert queries(lambda: office.get(page)) == one


@pytest.mark.parametrize("path", ["certificates/?tab=x&page=zzz", "certificates/print.pdf?part=-1"])
def test_strange_pages_are_no_error(cast, sign_in, path):
    made = certified(cast)
    answer = sign_in(cast.coordinator).get(f"/office/activities/{made.activity.code}/{path}")
    assert answer.status_code == 200
