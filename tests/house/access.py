"""The access table: every address of ours, and who gets what.

A line is ``"surface:name": door(...)``. Doors:

* ``anyone()`` — visitors and everybody else.
* ``link(...)`` — whoever holds the personal link; nobody by other means. ``args`` makes a real token.
* ``signed_in()`` — every signed-in person; a visitor is led to sign-in.
* ``only("coordinator", ...)`` — these of the cast; other signed-in people get 404 (they cannot see the thing),
  those named in ``forbidden=(...)`` see it but may not do it: 403. A visitor is led to sign-in.

``post=True`` marks an address that answers POST only. ``args`` is a function of the cast giving the address's
arguments. Every door is tried with every role in test_access.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from samverk.activities.commands.cohorts import add_cohort
from samverk.activities.commands.invitations import Guest, invite
from samverk.activities.commands.quotas import set_quota
from samverk.activities.commands.registrations import register_for
from samverk.activities.completion import key_of
from samverk.activities.invitation_messages import invitation_token
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Attendance, Invitation, Registration
from samverk.adjustments.commands import ask_for_adjustments
from samverk.agenda.commands.agendas import add_room as add_programme_room
from samverk.agenda.commands.agendas import add_track, open_agenda, publish_agenda
from samverk.agenda.commands.imports import start_import as start_programme_import
from samverk.agenda.commands.items import Slot, add_item
from samverk.agenda.commands.speakers import Who, add_speaker, confirm_speaker, put_on_item
from samverk.agenda.models import Agenda
from samverk.asking.commands.asking import ask_set
from samverk.asking.models import Asked, Given
from samverk.certificates.commands.templates import add_signatory
from samverk.certificates.messages import certificate_token
from samverk.certificates.models import Certificate, SigningKey
from samverk.directory.commands import create_organisation
from samverk.directory.importing.reading import start_import
from samverk.directory.merging import merge_rows
from samverk.directory.models import Organisation
from samverk.directory.venue_commands import add_room, create_venue
from samverk.evaluation.commands.evaluations import create_evaluation, open_evaluation
from samverk.evaluation.messages import invitation_token as evaluation_token
from samverk.evaluation.models import Evaluation
from samverk.evaluation.models import Invitation as EvaluationInvitation
from samverk.follow_up.commands.materials import add_file
from samverk.follow_up.commands.tasks import add_task
from samverk.follow_up.models import Material
from samverk.kit.acting import THE_SHELL
from samverk.kit.codes import make_link, new_code
from samverk.ledger.commands.asking import make_statements
from samverk.ledger.commands.filing import file_paper_statement
from samverk.ledger.commands.judging import judge_stale
from samverk.ledger.messages import statement_token
from samverk.ledger.models import PersonMonth, SealedPeriod, Statement
from samverk.ledger.months import last_of
from samverk.ledger.queries import statement_lines
from samverk.live.commands import add_live_question, ask_from_floor, open_room, show_question
from samverk.live.models import FloorQuestion, LiveQuestion
from samverk.mailings.commands import write_mailing
from samverk.paper.commands.pages import file_page
from samverk.paper.models import ScanPage
from samverk.paper.rules import Place
from samverk.people.archives import ask_archive, build_archive
from samverk.people.commands import edit_person, prepare_sign_in
from samverk.people.models import Archive, Device
from samverk.polls.commands import ask_for_a_time
from samverk.polls.messages import shared_token, voice_token
from samverk.polls.models import Poll
from samverk.post.commands import queue_mail
from samverk.post.models import Mail
from samverk.programmes.choices import SeatRole
from samverk.programmes.commands import save_view
from samverk.programmes.models import SavedView
from samverk.questions.commands.sets import take_shipped
from samverk.questions.models import QuestionSet
from samverk.remote.commands import take_log
from samverk.reporting.commands import create_report, save_indicator
from samverk.tables.commands.notes import add_photo
from samverk.tables.commands.plans import make_groups
from samverk.tables.commands.seats import keep_pair
from samverk.tables.models import TablePlan
from samverk.trail.models import Entry
from tests.absences.places import missed
from tests.activities.sheets import fill_sheet
from tests.cast import ROLES, Cast, as_person
from tests.certificates.courses import certified
from tests.ledger.ledger_cast import MARCH, at, course, held, sign
from tests.paper.papers import photo, sent

Arguments = Callable[[Cast], dict[str, Any]]
TEAM = ("coordinator", "mentor", "partner_staff", "controller")


def nothing(cast: Cast) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Door:
    """Who passes, who is refused though seeing the thing, by which method."""

    passes: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    args: Arguments = nothing
    post: bool = False
    needs_sign_in: bool = True


def anyone(args: Arguments = nothing, *, post: bool = False) -> Door:
    return Door(passes=ROLES, args=args, post=post, needs_sign_in=False)


def link(args: Arguments, *, post: bool = False) -> Door:
    return Door(passes=ROLES, args=args, post=post, needs_sign_in=False)


def signed_in(args: Arguments = nothing, *, post: bool = False) -> Door:
    return Door(passes=tuple(role for role in ROLES if role != "visitor"), args=args, post=post)


def only(
    *passes: str, args: Arguments = nothing, forbidden: tuple[str, ...] = (), post: bool = False
) -> Door:
    return Door(passes=passes, forbidden=forbidden, args=args, post=post)


def activity(cast: Cast) -> dict[str, Any]:
    return {"code": cast.activity.code}


def session(cast: Cast) -> dict[str, Any]:
    return {"code": cast.session.code}


def programme(cast: Cast) -> dict[str, Any]:
    return {"code": cast.programme.code}


def organisation(cast: Cast) -> dict[str, Any]:
    return {"code": cast.organisation.code}


def affiliation(cast: Cast) -> dict[str, Any]:
    return {"code": cast.organisation.code, "affiliation": cast.organisation.affiliations.first().pk}


def saved_view(cast: Cast) -> SavedView:
    return save_view(
        cast.coordinator, "office:organisations", name="Mine", query="q=x", by=as_person(cast.coordinator)
    )


def coordinators_post(args: Arguments) -> Door:
    """Writing to the programme: its coordinator; the rest of its team sees it but may not."""
    return only("coordinator", args=args, forbidden=("mentor", "partner_staff", "controller"), post=True)


def mailing(cast: Cast) -> dict[str, Any]:
    written = write_mailing(
        cast.activity, addressees="registered", language="sv", subject="Hej", body="Hej {given name}",
        by=as_person(cast.coordinator),
    )  # fmt: skip
    return {"code": written.code}


def material(cast: Cast) -> dict[str, Any]:
    there = Material.objects.filter(activity=cast.activity, title="Slides").first()
    added = there or add_file(
        cast.activity, BytesIO(b"%PDF-1.4 slides"), "slides.pdf", title="Slides", audience="public", rights="own",
        by=THE_SHELL,
    )  # fmt: skip
    return {"code": added.code}


def log_in_list(cast: Cast) -> dict[str, Any]:
    """A list with one stranger on it."""
    start = cast.session.starts_local
    text = f"Name,Email,Join Time,Leave Time\nNova Nilsdotter,,{start:%Y-%m-%d %H:%M:%S},{start:%Y-%m-%d} 23:59:00\n"
    return {"code": take_log(cast.session, BytesIO(text.encode()), "list.csv", by=THE_SHELL).code}


def waiting_page(cast: Cast) -> ScanPage:
    """A page nobody could read, in the tray."""
    there = ScanPage.objects.filter(state="tray").first()
    return there or sent(cast.session, cast.coordinator, photo(Image.new("RGB", (300, 400), "white")))[0]


def tray_page(cast: Cast) -> dict[str, Any]:
    return {"code": waiting_page(cast).code}


def filed_page(cast: Cast) -> ScanPage:
    """A page beside its sheet."""
    page = ScanPage.objects.filter(state="filed").first()
    if page:
        return page
    blank = photo(Image.new("RGB", (300, 400), "grey"))
    page = sent(cast.session, cast.coordinator, blank, "other.jpg")[0]
    return file_page(page, Place(cast.session), by=as_person(cast.coordinator))


def asked_poll(cast: Cast) -> Poll:
    now = timezone.now()
    spans = [(now + timedelta(days=day), now + timedelta(days=day, hours=2)) for day in (20, 21)]
    return ask_for_a_time(
        cast.activity, title="When?", times=spans, deadline=now + timedelta(days=9), addresses=["a@example.org"],
        by=as_person(cast.coordinator),
    )  # fmt: skip


def poll(cast: Cast) -> dict[str, Any]:
    return {"code": asked_poll(cast).code}


def poll_voice(cast: Cast) -> dict[str, Any]:
    voice = asked_poll(cast).voices.first()
    assert voice is not None
    return {"token": voice_token(voice)}


def follows_up(args: Arguments) -> Door:
    """Whoever runs activities writes afterwards; the leader and viewers read."""
    return only(
        "coordinator", "partner_staff", "mentor", args=args, forbidden=("leader", "controller"), post=True
    )


def adjustment_request(cast: Cast) -> dict[str, Any]:
    """The participant asks for what the activity offers."""
    Activity.objects.filter(pk=cast.activity.pk).update(adjustments=["sign_language"])
    return {"code": ask_for_adjustments(_registration(cast), ["sign_language"], by=THE_SHELL).code}


def shown_agenda(cast: Cast) -> Agenda:
    """A programme that is shown, with one item, one speaker, a room and a track."""
    standing = Agenda.objects.filter(activity=cast.activity).first()
    if standing is not None:
        return standing
    made = open_agenda(cast.activity, by=THE_SHELL)
    slot = Slot(cast.session.starts_at, 30, add_programme_room(made, "Hall", by=THE_SHELL))
    item = add_item(
        made, slot, kind="talk", title="Opening", track=add_track(made, "Money", by=THE_SHELL), by=THE_SHELL
    )
    speaker = add_speaker(made, Who(given_name="Tala", family_name="Talarsson"), by=THE_SHELL)
    put_on_item(item, confirm_speaker(speaker, by=THE_SHELL), role="speaker", by=THE_SHELL)
    return publish_agenda(made, by=THE_SHELL)


def agenda(cast: Cast) -> dict[str, Any]:
    return {"code": shown_agenda(cast).code}


def agenda_room(cast: Cast) -> dict[str, Any]:
    return {"code": cast.activity.code, "number": shown_agenda(cast).rooms.get().pk}


def agenda_track(cast: Cast) -> dict[str, Any]:
    return {"code": cast.activity.code, "number": shown_agenda(cast).tracks.get().pk}


def agenda_item(cast: Cast) -> dict[str, Any]:
    return {"code": shown_agenda(cast).items.get().code}


def public_agenda_item(cast: Cast) -> dict[str, Any]:
    return {"code": cast.activity.code, "item": shown_agenda(cast).items.get().code}


def agenda_speaker(cast: Cast) -> dict[str, Any]:
    return {"code": shown_agenda(cast).speakers.get().code}


def agenda_appearance(cast: Cast) -> dict[str, Any]:
    return agenda_item(cast) | {"speaker": shown_agenda(cast).speakers.get().code}


def agenda_import(cast: Cast) -> dict[str, Any]:
    """A programme file that was read and waits for a yes."""
    event = {
        "guid": "00000000-0000-4000-8000-000000000001",
        "title": "Opening",
        "date": cast.session.starts_at.isoformat(),
        "duration": "00:30",
    }
    day = {"date": cast.session.starts_local.date().isoformat(), "rooms": {"Hall": [event]}}
    file = BytesIO(json.dumps({"schedule": {"conference": {"title": "Feast", "days": [day]}}}).encode())
    return {"code": start_programme_import(cast.activity, file, "schedule.json", by=THE_SHELL).code}


def writes_agenda(args: Arguments, *, post: bool = True) -> Door:
    """Coordinators and trainers write the programme; the others of the team and the leader read it."""
    return only(
        "coordinator", "partner_staff", args=args, forbidden=("leader", "mentor", "controller"), post=post
    )


def keeps_directory(args: Arguments, *, post: bool = True) -> Door:
    """Organisations are shared: any coordinator keeps them."""
    return only(
        "coordinator",
        "other_coordinator",
        args=args,
        forbidden=("mentor", "partner_staff", "controller"),
        post=post,
    )


def _registration(cast: Cast) -> Registration:
    """The participant's place in the cast's activity, made once."""
    found = Registration.objects.filter(activity=cast.activity, person=cast.participant).first()
    return found or register_for(
        cast.activity, person=cast.participant, language="sv", by=THE_SHELL, tell=False
    )


def place(cast: Cast) -> dict[str, Any]:
    return {"token": place_token(_registration(cast))}


def claim(cast: Cast) -> dict[str, Any]:
    """Somebody who says to come for the cast's organisation, whatever was answered before."""
    claimant = Registration.objects.filter(
        activity=cast.activity, organisation=cast.organisation, person=cast.mentor
    ).first()
    if claimant is None:
        claimant = register_for(
            cast.activity, person=cast.mentor, organisation=cast.organisation, language="sv",
            by=as_person(cast.mentor), tell=False,
        )  # fmt: skip
    Registration.objects.filter(pk=claimant.pk).update(
        representation="claimed", organisation=cast.organisation
    )
    return {"code": claimant.code}


def sent_registration(cast: Cast) -> dict[str, Any]:
    registration = _registration(cast)
    return {"token": make_link("registration-sent", registration.pk, registration.link_version)}


def registration(cast: Cast) -> dict[str, Any]:
    return {"code": _registration(cast).code}


def _invitation(cast: Cast) -> Invitation:
    """An invitation to the cast's activity, made once."""
    standing = Invitation.objects.filter(activity=cast.activity, withdrawn_at=None).first()
    if standing is None:
        [standing] = invite(cast.activity, [Guest("guest@example.org")], language="sv", by=THE_SHELL)
    return standing


def invitation(cast: Cast) -> dict[str, Any]:
    return {"token": invitation_token(_invitation(cast))}


def office_invitation(cast: Cast) -> dict[str, Any]:
    return {"code": _invitation(cast).code}


def cohort(cast: Cast) -> dict[str, Any]:
    return {"code": add_cohort(cast.activity, name="North", by=THE_SHELL).code}


def quota(cast: Cast) -> dict[str, Any]:
    return {
        "code": cast.activity.code,
        "comes_as": set_quota(cast.activity, "helper", places=3, by=THE_SHELL).comes_as,
    }


def admits(args: Arguments, *, post: bool = True) -> Door:
    """Only a coordinator answers those who ask, and moves the waiting list by hand."""
    return only(
        "coordinator", args=args, forbidden=("partner_staff", "mentor", "controller", "leader"), post=post
    )


def sheet_row(cast: Cast) -> dict[str, Any]:
    return {"code": cast.session.code, "row": _registration(cast).attendances.get(session=cast.session).pk}


def ticket(cast: Cast) -> dict[str, Any]:
    return {"code": _registration(cast).check_in_code}


def ticket_at_door(cast: Cast) -> dict[str, Any]:
    return ticket(cast) | {"session": cast.session.code}


def walk_in(cast: Cast) -> dict[str, Any]:
    row = Attendance.objects.create(session=cast.session, name="Somebody", is_walk_in=True)
    return {"code": cast.session.code, "row": row.pk}


def sign_in_token(cast: Cast) -> dict[str, Any]:
    asked = prepare_sign_in(cast.participant.email, language="en", by=THE_SHELL)
    return {"token": make_link("sign-in", asked.pk, asked.link_version)}


def own_device(cast: Cast) -> dict[str, Any]:
    return {"code": Device.objects.create(person=cast.participant, session_key="elsewhere").code}


def own_act(cast: Cast) -> dict[str, Any]:
    edit_person(cast.participant, by=as_person(cast.participant), phone="040-1")
    return {"code": Entry.objects.filter(actor=cast.participant, verb="edit").first().code}


def failed_mail(cast: Cast) -> dict[str, Any]:
    mail = queue_mail(
        "activities.registration", to="x@example.org", language="sv", scope=cast.programme.scope
    )
    Mail.objects.filter(pk=mail.pk).update(state="failed")
    return {"code": mail.code}


def published(cast: Cast) -> dict[str, Any]:
    return {"code": Entry.objects.get(verb="publish", thing_id=cast.activity.pk).code}


def known_person(cast: Cast) -> dict[str, Any]:
    return {"code": _registration(cast).person.code}


def protected(cast: Cast) -> dict[str, Any]:
    return {"code": cast.protected.code}


def runs_activities(args: Arguments, *, post: bool = False) -> Door:
    """Coordinators and trainers change activities; mentors, viewers and leaders see them."""
    return only(
        "coordinator", "partner_staff", args=args, forbidden=("mentor", "controller", "leader"), post=post
    )


def opens_protected(args: Arguments, *, post: bool = False) -> Door:
    return only(
        "coordinator", args=args, forbidden=("mentor", "controller", "leader", "partner_staff"), post=post
    )


def takes_attendance(args: Arguments, *, post: bool = True) -> Door:
    """Everybody who runs activities, and the leader; a viewer reads only."""
    return only(
        "coordinator", "partner_staff", "mentor", "leader", args=args, forbidden=("controller",), post=post
    )


def _table_plan(cast: Cast) -> TablePlan:
    """Two tables in one round of the cast's session."""
    found = TablePlan.objects.filter(session=cast.session).first()
    if found is None:
        fill_sheet(cast, 6)
        found = make_groups(cast.session, tables=2, rounds=1, mix=["sector"], by=THE_SHELL)
    return found


def with_tables(cast: Cast) -> dict[str, Any]:
    return {"code": _table_plan(cast).session.code}


def one_table(cast: Cast) -> dict[str, Any]:
    return with_tables(cast) | {"round_": 1, "number": 1}


def table_pair(cast: Cast) -> dict[str, Any]:
    plan = _table_plan(cast)
    one, other, *_rest = Attendance.objects.filter(session=cast.session).order_by("pk")
    return with_tables(cast) | {"pair": keep_pair(plan, one, other, kind="apart", by=THE_SHELL).pk}


def table_seat(cast: Cast) -> dict[str, Any]:
    seat = _table_plan(cast).seats.first()
    assert seat is not None
    return {"pk": seat.pk}


def table_photo(cast: Cast) -> dict[str, Any]:
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    photo = add_photo(
        _table_plan(cast), picture, "paper.png", round_=1, table=1, described="Notes", by=THE_SHELL
    )
    return {"code": photo.code}


def reads_figures(args: Arguments) -> Door:
    """Figures and money: who coordinates, and the funder's controller."""
    return only("coordinator", "controller", args=args, forbidden=("mentor", "partner_staff"))


def started_import(cast: Cast) -> dict[str, Any]:
    """A short list that a coordinator sent."""
    file = BytesIO(b"Namn;Ort\r\nSolrosen;Lund\r\n")
    return {"code": start_import(file, "list.csv", by=as_person(cast.coordinator), language="en").code}


def two_organisations(cast: Cast) -> dict[str, Any]:
    other = Organisation.objects.alive().filter(name="Lyktan").first() or create_organisation(
        "Lyktan", by=THE_SHELL
    )
    return {"kind": "organisation", "stays": cast.organisation.code, "goes": other.code}


def merged(cast: Cast) -> dict[str, Any]:
    other = create_organisation("Lyktan", by=THE_SHELL)
    return {"code": merge_rows("organisation", cast.organisation, other, by=as_person(cast.coordinator)).code}


def indicator(cast: Cast) -> dict[str, Any]:
    made = save_indicator(
        cast.programme, code=new_code(), name="Visits", measure="visits", by=as_person(cast.coordinator)
    )
    return {"code": cast.programme.code, "indicator": made.pk}


def report(cast: Cast) -> dict[str, Any]:
    starts, ends = cast.programme.starts, cast.programme.starts.replace(day=28)
    return {
        "code": create_report(cast.programme, starts=starts, ends=ends, by=as_person(cast.coordinator)).code
    }


def keeps_hours(args: Arguments, *, post: bool = False) -> Door:
    """Writing about hours: the programme's coordinator; a viewer reads them; the rest of the team does not see them."""
    return only("coordinator", args=args, forbidden=("controller",), post=post)


def statement(cast: Cast) -> Statement:
    """The participant's hours of March, asked for."""
    if not Statement.objects.exists():
        held(course(cast.programme), at(3), 60, [(cast.participant, cast.organisation)])
        make_statements(MARCH)
    return Statement.objects.select_related("person").get()


def decision_of_line(cast: Cast) -> dict[str, Any]:
    line = statement_lines(statement(cast))[0]
    judge_stale()
    return {
        "code": line.code,
        "decision": PersonMonth.objects.get(funding_line=cast.line, month=line.month).pk,
    }


def statement_link(cast: Cast) -> dict[str, Any]:
    return {"token": statement_token(statement(cast))}


def disputed_line(cast: Cast) -> dict[str, Any]:
    found = statement(cast)
    line = statement_lines(found)[0]
    sign(found, {line.pk: "I left at 10."})
    return {"code": found.code, "line": line.code}


def filed_proof(cast: Cast) -> dict[str, Any]:
    paper = BytesIO(b"%PDF-1.7 example")
    signature = file_paper_statement(statement(cast), paper, "paper.pdf", by=as_person(cast.coordinator))
    return {"code": signature.evidence.code}


def seal(cast: Cast) -> SealedPeriod:
    return SealedPeriod.objects.create(programme=cast.programme, starts=MARCH, ends=last_of(MARCH))


def certificate(cast: Cast) -> Certificate:
    """The participant's certificate of a course that is over, made once."""
    return Certificate.objects.first() or certified(cast)


def certificate_link(cast: Cast) -> dict[str, Any]:
    return {"token": certificate_token(certificate(cast))}


def certificate_code(cast: Cast) -> dict[str, Any]:
    return {"code": certificate(cast).code}


def of_certificate(cast: Cast) -> dict[str, Any]:
    return {"code": certificate(cast).activity.code}


def who_completed(cast: Cast) -> dict[str, Any]:
    return {"code": certificate(cast).activity.code, "key": key_of(cast.participant.pk, None)}


def signing_key(cast: Cast) -> dict[str, Any]:
    certificate(cast)
    return {"thumbprint": SigningKey.objects.first().thumbprint}


def revocations(cast: Cast) -> dict[str, Any]:
    return {"number": certificate(cast).status_list}


def signatory(cast: Cast) -> dict[str, Any]:
    made = add_signatory(cast.programme, "Eva", by=as_person(cast.coordinator))
    return {"code": cast.programme.code, "signatory": made.pk}


def own_archive(cast: Cast) -> dict[str, Any]:
    made = Archive.objects.filter(person=cast.participant).first()
    if made is None:
        made = ask_archive(cast.participant, language="en", by=as_person(cast.participant))
        build_archive(made)
    return {"code": made.code}


def edits_programme(args: Arguments, *, post: bool = False) -> Door:
    """The look of certificates: the programme's coordinator; the rest of its team sees it but may not."""
    return only("coordinator", args=args, forbidden=("mentor", "partner_staff", "controller"), post=post)


def issues(args: Arguments, *, post: bool = False) -> Door:
    """Coordinators and trainers; the rest of the team sees it. Who leads another activity does not."""
    return only("coordinator", "partner_staff", args=args, forbidden=("mentor", "controller"), post=post)


def keeps_venues(args: Arguments = nothing, *, post: bool = False) -> Door:
    """Venues are shared: any coordinator keeps them; teams read them."""
    reads = ("mentor", "partner_staff", "controller")
    return only("coordinator", "other_coordinator", args=args, forbidden=reads, post=post)


def venue(cast: Cast) -> dict[str, Any]:
    return {"code": create_venue("The house of associations", by=THE_SHELL).code}


def room(cast: Cast) -> dict[str, Any]:
    return {"code": add_room(create_venue("The house", by=THE_SHELL), "The hall", by=THE_SHELL).code}


def question_set(cast: Cast) -> dict[str, Any]:
    made = take_shipped(
        "evaluation-course", language="en", programme=cast.programme, is_shared=False,
        by=as_person(cast.coordinator),
    )  # fmt: skip
    return {"code": made.code}


def kind_to_add(cast: Cast) -> dict[str, Any]:
    return question_set(cast) | {"kind": "long"}


def question(cast: Cast) -> dict[str, Any]:
    return {"question": QuestionSet.objects.get(**question_set(cast)).questions.all()[1].code}


def writes_questions(args: Arguments, *, post: bool = False) -> Door:
    """Coordinators and trainers change a programme's sets; mentors and viewers see them."""
    return only("coordinator", "partner_staff", args=args, forbidden=("mentor", "controller"), post=post)


def asked(cast: Cast) -> dict[str, Any]:
    """The ready set asked in the cast's activity; the participant has answered, with a file nobody asked for."""
    found = Asked.objects.filter(activity=cast.activity).first()
    if found is None:
        taken = take_shipped(
            "registration-basics", language="en", programme=cast.programme, is_shared=False, by=THE_SHELL
        )
        found = ask_set(cast.activity, taken, by=THE_SHELL)
    return {"code": found.code}


def absence(cast: Cast) -> dict[str, Any]:
    """The participant had a place in what is over, and was marked absent."""
    made = Registration.objects.filter(activity__title="Missed", person=cast.participant).first()
    return {"code": (made or missed(cast, cast.participant)).code}


def absent_person(cast: Cast) -> dict[str, Any]:
    absence(cast)
    return {"code": cast.participant.code}


def asking(cast: Cast) -> dict[str, Any]:
    asked(cast)
    return activity(cast)


def asked_place(cast: Cast) -> dict[str, Any]:
    asked(cast)
    return place(cast)


def answer_file(cast: Cast) -> dict[str, Any]:
    """A file the participant sent as an answer."""
    asked(cast)
    registration = _registration(cast)
    question_set = Asked.objects.get(activity=cast.activity).question_set
    question_set.questions.get_or_create(
        key="paper", defaults={"kind": "file", "seen_by": list(SeatRole.values), "texts": {"en": "A paper"}}
    )
    if not Given.objects.filter(registration=registration).exists():
        kept = default_storage.save("answers/access.pdf", ContentFile(b"%PDF-1.7"))
        paper = {"file": kept, "name": "paper.pdf", "media_type": "application/pdf", "digest": ""}
        Given.objects.create(registration=registration, answers={"paper": paper})
    return {"registration": registration.code, "key": "paper"}


def answer_file_in_office(cast: Cast) -> dict[str, Any]:
    return activity(cast) | answer_file(cast)


def own_answer_file(cast: Cast) -> dict[str, Any]:
    answer_file(cast)
    return place(cast) | {"key": "paper"}


def evaluation(cast: Cast) -> dict[str, Any]:
    """An evaluation of the cast's activity that nobody opened yet."""
    asked = QuestionSet.objects.get(**question_set(cast))
    made = create_evaluation(
        cast.activity,
        asked,
        closes_on=timezone.localdate() + timedelta(days=30),
        by=as_person(cast.coordinator),
    )
    return {"code": made.code}


def evaluation_link(cast: Cast) -> dict[str, Any]:
    made = open_evaluation(Evaluation.objects.get(**evaluation(cast)), by=THE_SHELL)
    asked = EvaluationInvitation.objects.create(evaluation=made, registration=_registration(cast))
    return {"token": evaluation_token(asked)}


def live_question(cast: Cast) -> LiveQuestion:
    """A poll on the wall of the cast's session."""
    open_room(cast.session, by=THE_SHELL)
    made = add_live_question(cast.session, kind="floor", text="What next?", options=[], by=THE_SHELL)
    show_question(made, by=THE_SHELL)
    return made


def live_code(cast: Cast) -> dict[str, Any]:
    return {"code": live_question(cast).code}


def live_room(cast: Cast) -> dict[str, Any]:
    return {"code": open_room(cast.session, by=THE_SHELL).code}


def live_in_room(cast: Cast) -> dict[str, Any]:
    made = live_question(cast)
    return {"code": made.room.code, "question": made.code}


def live_asked(cast: Cast) -> FloorQuestion:
    return ask_from_floor(live_question(cast), "Why?", device="x")


def live_floor(cast: Cast) -> dict[str, Any]:
    return {"code": live_asked(cast).code}


def live_floor_in_room(cast: Cast) -> dict[str, Any]:
    asked = live_asked(cast)
    return {"code": asked.question.room.code, "asked": asked.code}


def live_session(cast: Cast) -> dict[str, Any]:
    live_question(cast)
    return session(cast)


# Third-party prefixes and the door that guards them: none.
ACCESS: dict[str, Door] = {
    # kit
    "health": anyone(),
    "comfort": anyone(post=True),
    "language": anyone(post=True),
    "gallery": anyone(),
    # public
    "public:home": anyone(),
    "public:about": anyone(),
    "public:accessibility": anyone(),
    "public:calendar": anyone(),
    "public:calendar_feed": anyone(),
    "public:activity": anyone(activity),
    "public:material": anyone(material),
    "public:agenda": anyone(agenda),
    "public:agenda_item": anyone(public_agenda_item),
    "public:agenda_json": anyone(agenda),
    "public:agenda_xml": anyone(agenda),
    "public:agenda_calendar": anyone(agenda),
    "public:activity_feed": anyone(activity),
    "public:registration_create": anyone(activity, post=True),
    "public:registration_sent": link(sent_registration),
    "public:registration_confirm": link(sent_registration, post=True),
    "public:registration_resend": link(sent_registration, post=True),
    "public:invitation": link(invitation),
    "public:invitation_accept": link(invitation, post=True),
    "public:invitation_decline": link(invitation, post=True),
    "public:organisation_names": anyone(),
    # portal: sign-in
    "portal:sign_in": anyone(),
    "portal:sign_in_code": anyone(),
    "portal:sign_in_resend": anyone(post=True),
    "portal:sign_in_link": link(sign_in_token),
    "portal:sign_out": anyone(post=True),
    # portal: my page
    "portal:home": signed_in(),
    "portal:details": signed_in(),
    "portal:devices": signed_in(),
    "portal:device_end": only("participant", args=own_device, post=True),
    "portal:sign_out_everywhere": signed_in(post=True),
    "portal:undo": only("participant", args=own_act, post=True),
    # portal: place
    "portal:activities": signed_in(),
    "portal:poll": link(poll_voice),
    "portal:poll_answer": link(poll_voice, post=True),
    "portal:poll_shared": link(lambda cast: {"token": shared_token(asked_poll(cast))}),
    "portal:place": link(place),
    "portal:place_calendar": link(place),
    "portal:place_material": link(lambda cast: place(cast) | material(cast)),
    "portal:place_confirm": link(place, post=True),
    "portal:place_accept": link(place, post=True),
    "portal:place_cancel": link(place, post=True),
    "portal:place_restore": link(place, post=True),
    "portal:place_adjustments": link(place, post=True),
    "portal:place_adjustments_withdraw": link(place, post=True),
    "portal:place_change": link(place, post=True),
    "portal:place_here": link(place, post=True),
    "portal:place_ticket": link(place),
    "portal:ticket": link(ticket),
    "portal:here": anyone(),
    "portal:here_check_in": anyone(post=True),
    "portal:here_done": anyone(),
    # portal: hours
    "portal:hours": signed_in(),
    "portal:statement": link(statement_link),
    "portal:statement_sign": link(statement_link),
    "public:organisations": anyone(),
    "public:organisation": anyone(organisation),
    "public:programme": anyone(programme),
    # portal: organisations
    "portal:organisations": signed_in(),
    "portal:claims": only("representative", forbidden=("participant",), args=organisation),
    "portal:claim_confirm": only("representative", args=claim, post=True),
    "portal:claim_decline": only("representative", args=claim, post=True),
    "portal:organisation_edit": only("representative", forbidden=("participant",), args=organisation),
    "portal:countersign": only("representative", args=organisation),
    # office: today, trail, undo
    "office:today": only(*TEAM, "other_coordinator", "leader"),
    "office:undo": only("coordinator", args=published, post=True),
    "office:trail": only(*TEAM, "other_coordinator", "keeper"),
    # office: programmes
    "office:programmes": only(*TEAM, "other_coordinator", "keeper"),
    "office:programme_create": only(
        "coordinator", "other_coordinator", "keeper", forbidden=("mentor", "partner_staff", "controller")
    ),
    "office:programme": only(*TEAM, args=programme),
    "office:programme_edit": only(
        "coordinator", args=programme, forbidden=("mentor", "partner_staff", "controller")
    ),
    "office:seat_give": coordinators_post(programme),
    "office:seat_end": coordinators_post(
        lambda cast: {"code": cast.programme.code, "seat": cast.programme.seats.get(role="mentor").pk}
    ),
    "office:partner_add": coordinators_post(programme),
    "office:component_add": coordinators_post(programme),
    "office:funding_line_add": coordinators_post(programme),
    "office:organisation_enrol": coordinators_post(programme),
    "office:enrolment_end": coordinators_post(
        lambda cast: {
            "code": cast.programme.code,
            "enrolment": cast.programme.enrolments.filter(person=None).first().pk,
        }
    ),
    # certificates: for programs, to check, one's own
    "badges:keys": anyone(),
    "badges:issuer": anyone(),
    "badges:key": anyone(signing_key),
    "badges:status_list": anyone(revocations),
    "public:check": link(lambda cast: {"code": certificate(cast).check_code}),
    "portal:certificate": link(certificate_link),
    "portal:certificate_pdf": link(certificate_link),
    "portal:certificate_badge": link(certificate_link),
    "portal:archive": signed_in(),
    "portal:archive_ask": signed_in(post=True),
    "portal:archive_download": only("participant", args=own_archive),
    # office: certificates
    "office:certificates": only(*TEAM, args=of_certificate),
    "office:completion_set": issues(of_certificate, post=True),
    "office:certificates_issue": issues(of_certificate, post=True),
    "office:certificates_print": issues(of_certificate),
    "office:certificate_texts": issues(of_certificate),
    "office:completion_why": only(*TEAM, args=who_completed),
    "office:completion_rule": issues(who_completed, post=True),
    "office:completion_withdraw": issues(who_completed, post=True),
    "office:certificate": only(*TEAM, args=certificate_code),
    "office:certificate_pdf": only(*TEAM, args=certificate_code),
    "office:certificate_revoke": issues(certificate_code, post=True),
    "office:certificate_correct": issues(certificate_code, post=True),
    "office:certificate_template": edits_programme(programme),
    "office:certificate_preview": edits_programme(programme, post=True),
    "office:signatory_add": edits_programme(programme, post=True),
    "office:signatory_end": edits_programme(signatory, post=True),
    # office: saved views
    "office:view_create": signed_in(),
    "office:view_forget": only("coordinator", args=lambda cast: {"code": saved_view(cast).code}, post=True),
    # office: venues
    "office:venues": only(*TEAM, "other_coordinator"),
    "office:venue": only(*TEAM, "other_coordinator", args=venue),
    "office:venue_create": keeps_venues(),
    "office:venue_edit": keeps_venues(venue),
    "office:venue_archive": keeps_venues(venue, post=True),
    "office:room_add": keeps_venues(venue, post=True),
    "office:room_edit": keeps_venues(room),
    "office:room_archive": keeps_venues(room, post=True),
    # office: activities
    "office:activities": only(*TEAM, "other_coordinator", "leader"),
    "office:activity_create": only(
        "coordinator", "other_coordinator", "partner_staff", forbidden=("mentor", "controller")
    ),
    "office:activity": only(*TEAM, "leader", args=activity),
    "office:activity_edit": runs_activities(activity),
    "office:activity_copy": runs_activities(activity),
    "office:activity_publish": runs_activities(activity, post=True),
    "office:activity_cancel": runs_activities(activity),
    "office:sessions_create": runs_activities(activity),
    "office:session_create": runs_activities(activity),
    "office:session_move": runs_activities(session),
    "office:session_cancel": runs_activities(session),
    "office:admission": only(*TEAM, "leader", args=activity),
    "office:cohorts": only(*TEAM, "leader", args=activity),
    "office:wishes": only(*TEAM, "leader", args=activity),
    "office:wishes_publish": runs_activities(activity, post=True),
    "office:wishes_asked": runs_activities(activity, post=True),
    "office:cohort_add": runs_activities(activity, post=True),
    "office:cohort_put": runs_activities(activity, post=True),
    "office:cohorts_asked": runs_activities(activity, post=True),
    "office:cohort_edit": runs_activities(cohort),
    "office:cohort_remove": runs_activities(cohort, post=True),
    "office:quota_set": runs_activities(activity, post=True),
    "office:quota_drop": runs_activities(quota, post=True),
    "office:invitations": only(*TEAM, "leader", args=activity),
    "office:invitation_create": runs_activities(activity),
    "office:invitation_send": runs_activities(activity, post=True),
    "office:invitations_remind": runs_activities(activity),
    "office:invitation_withdraw": runs_activities(office_invitation, post=True),
    "office:applications": only(*TEAM, "leader", args=activity),
    "office:applications_approve": admits(activity, post=False),
    "office:applications_decline": admits(activity, post=False),
    "office:registration": only(*TEAM, "leader", args=registration),
    "office:registration_first": admits(registration),
    "office:registration_give": admits(registration),
    "office:registration_offer": admits(registration),
    "office:offer_extend": admits(registration),
    "office:registration_role": runs_activities(registration, post=True),
    "office:registration_create": runs_activities(activity),
    "office:registrations_csv": only(*TEAM, "leader", args=activity),
    "office:registrations_xlsx": only(*TEAM, "leader", args=activity),
    "office:registration_cancel": runs_activities(registration, post=True),
    "office:representation": only(
        "coordinator", args=registration, forbidden=("mentor", "partner_staff", "controller", "leader")
    ),
    "office:representations": only(*TEAM, "other_coordinator", "leader"),
    "office:representations_confirm": only(*TEAM, "other_coordinator", "leader", post=True),
    # office: attendance
    "office:attendance": only(*TEAM, "leader", args=session),
    "office:attendance_worker": only(*TEAM, "leader", args=session),
    "office:attendance_marks": takes_attendance(session),
    "office:attendance_rest": takes_attendance(session),
    "office:attendance_news": only(*TEAM, "leader", args=session),
    "office:check_in": takes_attendance(session, post=False),
    "office:check_in_typed": takes_attendance(session),
    "office:wall": takes_attendance(session, post=False),
    "office:poster": only(*TEAM, "leader", args=session),
    # office: tables
    "office:tables": only(*TEAM, "leader", args=with_tables),
    "office:tables_make": takes_attendance(with_tables),
    "office:tables_again": takes_attendance(with_tables),
    "office:tables_show": takes_attendance(with_tables),
    "office:tables_hide": takes_attendance(with_tables),
    "office:tables_wall": only(*TEAM, "leader", args=with_tables),
    "office:tables_sheet": only(*TEAM, "leader", args=with_tables),
    "office:tables_badges": only(*TEAM, "leader", args=with_tables),
    "office:tables_pair_add": takes_attendance(with_tables),
    "office:tables_pair_drop": takes_attendance(table_pair),
    "office:table": only(*TEAM, "leader", args=one_table),
    "office:table_note": takes_attendance(one_table),
    "office:table_photo_add": takes_attendance(one_table),
    "office:table_seat": takes_attendance(table_seat, post=False),
    "office:table_seat_move": takes_attendance(table_seat),
    "office:table_seat_swap": takes_attendance(table_seat),
    "office:table_seat_lock": takes_attendance(table_seat),
    "office:table_seat_unlock": takes_attendance(table_seat),
    "office:table_photo": only(*TEAM, "leader", args=table_photo),
    "office:table_photo_remove": takes_attendance(table_photo),
    "office:ticket": takes_attendance(ticket, post=False),
    "office:ticket_mark": takes_attendance(ticket_at_door),
    "office:heads_count": takes_attendance(session),
    "office:walk_in_add": takes_attendance(session),
    "office:session_close": takes_attendance(session),
    "office:attendance_mark": takes_attendance(sheet_row),
    "office:walk_in_link": takes_attendance(walk_in, post=False),
    "office:walk_in_remove": takes_attendance(sheet_row),
    # office: people
    "office:people": only(*TEAM, "other_coordinator"),
    "office:people_csv": only(*TEAM, "other_coordinator"),
    "office:person": only(*TEAM, args=known_person),
    "office:person_open": only(
        "coordinator", args=protected, forbidden=("mentor", "partner_staff", "controller"), post=True
    ),
    # office: organisations
    "office:organisations": only(*TEAM, "other_coordinator"),
    "office:organisations_export": only(*TEAM, "other_coordinator"),
    "office:organisation_create": keeps_directory(nothing, post=False),
    "office:organisation": only(*TEAM, "other_coordinator", args=organisation),
    "office:organisation_edit": keeps_directory(organisation, post=False),
    # Archived by the first who may, it is not found by those who come later.
    "office:organisation_archive": keeps_directory(lambda cast: {"code": cast.extra["host"].code}),
    "office:identifier_set": keeps_directory(organisation),
    "office:affiliation_add": keeps_directory(organisation),
    "office:affiliation_confirm": keeps_directory(affiliation),
    "office:affiliation_end": keeps_directory(affiliation),
    "office:mandate_give": keeps_directory(organisation),
    "office:mandate_end": keeps_directory(
        lambda cast: {"code": cast.organisation.code, "mandate": cast.organisation.mandates.get().pk}
    ),
    "office:imports": only(*TEAM, "other_coordinator"),
    "office:import_create": keeps_directory(nothing),
    "office:import_template": only(*TEAM, "other_coordinator"),
    "office:import": keeps_directory(started_import, post=False),
    "office:import_correct": keeps_directory(started_import),
    "office:import_check": keeps_directory(started_import),
    "office:import_reopen": keeps_directory(started_import),
    "office:import_decide": keeps_directory(started_import),
    "office:import_write": keeps_directory(started_import),
    "office:import_undo": keeps_directory(started_import),
    "office:merges": keeps_directory(nothing, post=False),
    "office:merge_find": keeps_directory(nothing, post=False),
    "office:merge": keeps_directory(two_organisations, post=False),
    "office:merge_join": keeps_directory(two_organisations),
    "office:merge_differ": keeps_directory(two_organisations),
    "office:merge_undo": keeps_directory(merged),
    # office: hours
    "office:hours": only("coordinator", "other_coordinator", "controller"),
    "office:hour": only(
        "coordinator", "controller", args=lambda cast: {"code": statement_lines(statement(cast))[0].code}
    ),
    "office:hours_export": only("coordinator", "other_coordinator", "controller"),
    "office:decision_inputs": only("coordinator", "controller", args=decision_of_line),
    "office:period_seal": keeps_hours(programme),
    "office:period_reopen": keeps_hours(
        lambda cast: {"code": cast.programme.code, "seal": seal(cast).pk}, post=True
    ),
    "office:statements": only("coordinator", "other_coordinator", "controller"),
    "office:statements_send": only("coordinator", "other_coordinator", forbidden=("controller",)),
    "office:statement": only("coordinator", "controller", args=lambda cast: {"code": statement(cast).code}),
    "office:statement_remind": keeps_hours(lambda cast: {"code": statement(cast).code}, post=True),
    "office:statement_paper": keeps_hours(lambda cast: {"code": statement(cast).code}),
    "office:statement_file": keeps_hours(lambda cast: {"code": statement(cast).code}, post=True),
    "office:dispute_settle": keeps_hours(disputed_line, post=True),
    "office:session_evidence": keeps_hours(session),
    "office:evidence": only("coordinator", "controller", args=filed_proof),
    # office: reports
    "office:dashboard": reads_figures(programme),
    "office:figure": reads_figures(lambda cast: {"code": cast.programme.code, "figure": "visits"}),
    "office:figure_export": reads_figures(
        lambda cast: {"code": cast.programme.code, "figure": "visits", "ending": "csv"}
    ),
    "office:indicators": reads_figures(programme),
    "office:indicator_create": only(
        "coordinator", args=programme, forbidden=("mentor", "partner_staff", "controller")
    ),
    "office:indicator_edit": only(
        "coordinator", args=indicator, forbidden=("mentor", "partner_staff", "controller")
    ),
    "office:indicator_remove": coordinators_post(indicator),
    "office:reports": only(*TEAM, "other_coordinator"),
    "office:report_create": only(
        "coordinator", "other_coordinator", forbidden=("mentor", "partner_staff", "controller")
    ),
    "office:report": only("coordinator", "controller", args=report),
    "office:report_check": only("coordinator", "controller", args=report),
    "office:report_edit": only("coordinator", args=report, forbidden=("controller",)),
    "office:report_freeze": only("coordinator", args=report, forbidden=("controller",), post=True),
    "office:report_differences": only("coordinator", "controller", args=report),
    "office:report_download": only(
        "coordinator", "controller", args=lambda cast: {**report(cast), "ending": "json"}
    ),
    # office: mail
    "office:absences": only("coordinator", args=absent_person),
    "office:absence_excuse": only("coordinator", args=absence, post=True),
    "office:absence_count": only("coordinator", args=absence, post=True),
    "portal:absences": signed_in(),
    "portal:absence_ask": only("participant", args=absence, post=True),
    "office:asking": only(*TEAM, "leader", args=activity),
    "office:asking_add": runs_activities(activity),
    "office:asking_answers": only(*TEAM, "leader", args=asking),
    "office:asking_csv": only(*TEAM, "leader", args=asking),
    "office:asking_xlsx": only(*TEAM, "leader", args=asking),
    "office:asking_file": only(*TEAM, "leader", args=answer_file_in_office),
    # The set names the coordinator as the one who opens what is protected.
    "office:asking_protected": opens_protected(asking),
    "office:asking_names": opens_protected(asking, post=True),
    "office:asking_edit": runs_activities(asked),
    "office:asking_stop": runs_activities(asked, post=True),
    "portal:place_answers": only("participant", args=asked_place),
    "portal:place_answer_file": only("participant", args=own_answer_file),
    "office:evaluations": only(*TEAM, "leader", args=activity),
    "office:evaluation_create": runs_activities(activity),
    "office:evaluation_open": runs_activities(evaluation, post=True),
    "office:evaluation_close": runs_activities(evaluation, post=True),
    "office:evaluation_remove": runs_activities(evaluation, post=True),
    "office:evaluation_results": only(*TEAM, "leader", args=evaluation),
    "office:evaluation_pdf": only(*TEAM, "leader", args=evaluation),
    "portal:evaluation": link(evaluation_link),
    "live:door": anyone(),
    "live:room": anyone(live_room),
    "live:news": anyone(live_room),
    "live:vote": anyone(live_in_room, post=True),
    "live:ask": anyone(live_in_room, post=True),
    "live:support": anyone(live_floor_in_room, post=True),
    "office:live": only(*TEAM, "leader", args=session),
    "office:live_wall": takes_attendance(live_session, post=False),
    "office:live_open": takes_attendance(session),
    "office:live_close": takes_attendance(live_session),
    "office:live_add": takes_attendance(session),
    "office:live_show": takes_attendance(live_code),
    "office:live_stop": takes_attendance(live_code),
    "office:live_reveal": takes_attendance(live_code),
    "office:live_type": takes_attendance(live_code),
    "office:live_hide": takes_attendance(live_floor),
    "office:live_unhide": takes_attendance(live_floor),
    "office:question_sets": only(*TEAM, "other_coordinator"),
    "office:question_set_create": only(
        "coordinator", "other_coordinator", "partner_staff", forbidden=("mentor", "controller")
    ),
    "office:question_set": only(*TEAM, args=question_set),
    "office:question_set_preview": only(*TEAM, args=question_set),
    "office:question_set_edit": writes_questions(question_set),
    "office:question_set_archive": writes_questions(question_set, post=True),
    "office:question_add": writes_questions(kind_to_add),
    "office:question_edit": writes_questions(question),
    "office:question_raise": writes_questions(question, post=True),
    "office:question_lower": writes_questions(question, post=True),
    "office:question_remove": writes_questions(question, post=True),
    "office:mail": only(*TEAM, "other_coordinator", "keeper"),
    "office:mail_retry": only("coordinator", args=failed_mail, post=True),
    # office: messages to the people of an activity
    "office:mailings": only("leader", *TEAM, args=activity),
    "office:mailing_create": runs_activities(activity),
    "office:reminders_plan": runs_activities(activity, post=True),
    "office:mailing": only("leader", *TEAM, args=mailing),
    "office:mailing_edit": runs_activities(mailing),
    "office:mailing_test": runs_activities(mailing, post=True),
    "office:mailing_send": runs_activities(mailing, post=True),
    "office:mailing_drop": runs_activities(mailing, post=True),
    "office:mailing_keep": runs_activities(mailing, post=True),
    # office: afterwards
    "office:follow_up": only("leader", *TEAM, args=activity),
    "office:summary_draft": follows_up(activity),
    "office:summary_write": follows_up(activity),
    "office:summary_publish": follows_up(activity),
    "office:summary_withdraw": follows_up(activity),
    "office:material_add": follows_up(activity),
    "office:task_add": follows_up(activity),
    "office:next_plan": follows_up(activity),
    "office:material": only("leader", *TEAM, args=material),
    "office:material_remove": follows_up(material),
    "office:tasks_to_do": only("leader", *TEAM, "other_coordinator"),
    "office:task_finish": follows_up(
        lambda cast: {"code": add_task(cast.activity, text="Ring", by=THE_SHELL).code}
    ),
    # office: paper
    "office:sheet_print": only(*TEAM, "leader", args=session, post=True),
    "office:session_paper": only(*TEAM, "leader", args=session),
    "office:paper": only(*TEAM, "other_coordinator"),
    "office:paper_send": only(
        "coordinator", "other_coordinator", forbidden=("mentor", "partner_staff", "controller"), post=True
    ),
    "office:paper_scan": only("coordinator", args=lambda cast: {"code": waiting_page(cast).scan.code}),
    "office:paper_original": only("coordinator", args=lambda cast: {"code": waiting_page(cast).scan.code}),
    "office:paper_page": only("coordinator", args=lambda cast: {"code": filed_page(cast).code}),
    "office:paper_picture": only("coordinator", args=lambda cast: {"code": filed_page(cast).code}),
    "office:paper_page_file": only("coordinator", args=tray_page, post=True),
    "office:paper_page_code": only("coordinator", args=tray_page, post=True),
    "office:paper_page_turn": only("coordinator", args=tray_page, post=True),
    "office:paper_page_discard": only("coordinator", args=tray_page, post=True),
    "office:paper_blank_discard": only(
        "coordinator", "other_coordinator", forbidden=("mentor", "partner_staff", "controller"), post=True
    ),
    "office:paper_page_withdraw": only(
        "coordinator", args=lambda cast: {"code": filed_page(cast).code}, post=True
    ),
    "office:paper_page_restore": only("coordinator", args=tray_page, post=True),
    "office:paper_page_mark": only(
        "coordinator", args=lambda cast: {"code": filed_page(cast).code}, post=True
    ),
    "office:paper_page_add": only(
        "coordinator", args=lambda cast: {"code": filed_page(cast).code}, post=True
    ),
    # office: log-in lists
    "office:session_logs": only(*TEAM, "leader", args=session),
    "office:remote_log": only("coordinator", args=log_in_list),
    "office:remote_log_answer": only("coordinator", args=log_in_list, post=True),
    "office:remote_log_write": only("coordinator", args=log_in_list, post=True),
    # office: what people need
    "office:adjustments": only(
        "coordinator", "partner_staff", args=activity, forbidden=("leader", "mentor", "controller")
    ),
    "office:adjustment_answer": only("coordinator", "partner_staff", args=adjustment_request, post=True),
    # office: the programme of a day
    "office:agenda": only("leader", *TEAM, args=activity),
    "office:agenda_open": writes_agenda(activity),
    "office:agenda_publish": writes_agenda(agenda),
    "office:agenda_withdraw": writes_agenda(agenda),
    "office:agenda_ask": writes_agenda(agenda),
    "office:agenda_rooms": writes_agenda(agenda, post=False),
    "office:agenda_room_add": writes_agenda(agenda),
    "office:agenda_room_up": writes_agenda(agenda_room),
    "office:agenda_room_remove": writes_agenda(agenda_room),
    "office:agenda_track_add": writes_agenda(agenda),
    "office:agenda_track_remove": writes_agenda(agenda_track),
    "office:agenda_item_create": writes_agenda(agenda, post=False),
    "office:agenda_imports": writes_agenda(activity, post=False),
    "office:agenda_import": writes_agenda(agenda_import, post=False),
    "office:agenda_import_write": writes_agenda(agenda_import),
    "office:agenda_import_undo": writes_agenda(agenda_import),
    "office:agenda_item": writes_agenda(agenda_item, post=False),
    "office:agenda_item_remove": writes_agenda(agenda_item),
    "office:agenda_speaker_add": writes_agenda(agenda_item),
    "office:agenda_speaker_off": writes_agenda(agenda_appearance),
    "office:agenda_speaker_confirm": writes_agenda(agenda_speaker),
    "office:agenda_speaker_hide": writes_agenda(agenda_speaker),
    # office: finding a time
    "office:polls": only("leader", *TEAM, args=activity),
    "office:poll_create": only(
        "coordinator", "partner_staff", "mentor", args=activity, forbidden=("leader", "controller")
    ),
    "office:poll": only("leader", *TEAM, args=poll),
    "office:poll_choose": follows_up(poll),
    "office:poll_close": follows_up(poll),
    # demo
}
