"""Fills an empty database with the five programmes and one that runs now, in under a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from samverk.activities.choices import Mark
from samverk.activities.commands.activities import create_activity, name_leaders, publish_activity
from samverk.activities.commands.attendance import count_heads, mark_attendance
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Attendance
from samverk.demo import history
from samverk.demo.attesting import attest_history
from samverk.demo.cast import address, make_characters
from samverk.demo.certifying import certify
from samverk.demo.forum import write_programme
from samverk.demo.guard import MARK
from samverk.demo.history import Story, begin, enrol_invented, facts, series, write_activities, write_activity
from samverk.demo.papers import bring_list, bring_paper
from samverk.demo.voices import let_people_speak
from samverk.directory.commands import add_affiliation, give_mandate
from samverk.directory.models import Organisation
from samverk.kit.acting import THE_SHELL, Actor
from samverk.people.commands import create_person
from samverk.people.models import Person
from samverk.programmes import commands as programmes
from samverk.programmes.models import Programme, RuleSet
from samverk.reporting.models import Indicator, Target
from samverk.trail.models import Mark as DatabaseMark

# Programme code in the organisations' file -> name of the facts file, rules, how many come to an activity.
POLISH = [
    ("RAZEM", "razem", "", 12),
    ("RADOM", "radom", "", 10),
    ("ROWES", "rowes", "", 12),
    ("SAS", "sas", "", 10),
]


def fill(say=print) -> None:
    """Write everything. ``say`` gets a line a step."""
    programmes.load_rule_sets(by=THE_SHELL)
    cast = make_characters()
    DatabaseMark.objects.get_or_create(name=MARK)
    invented = facts("organisations")["organisations"]
    real: dict[str, Organisation] = {}

    say("KompetensCenter Idéburna Malmö, 2016–2018")
    kcm = _kcm(cast, invented, real)
    for code, name, rules, size in POLISH:
        story = begin(name, rules=rules, real=real)
        say(f"{story.programme.name}, {story.programme.starts.year}–{story.programme.ends.year}")
        _seat(story, cast["polish_coordinator"], cast["controller"])
        chosen = [row for row in invented if code in row["programmes"]]
        enrol_invented(story, chosen, _people("polish", code), per_organisation=4)
        write_activities(story, size=size)
        if code == "ROWES":
            _seventy_people(story)
            write_programme(story, story.activities["forum"])
        if code == "RAZEM":
            certify(story, place="Białystok", signs=("Ewa Zmyślona", "Koordynatorka projektu"))
    say("A programme that runs now")
    _running_now(cast, kcm)
    say("Hours posted, judged, confirmed")
    attest_history(kcm, Programme.objects.filter(funding_lines__line_rules__isnull=False).distinct())


def _people(where: str, mailbox: str) -> Iterator[Person]:
    """Invented people: Polish programmes draw from Polish and Ukrainian names, KCM from the others.

    When the list ends, given names and family names are combined anew.
    """
    rows = facts("people")["people"]
    polish = ("polish", "ukrainian")
    chosen = [row for row in rows if (row["origin"] in polish) == (where == "polish")]
    again = [
        row | {"family": chosen[(7 * number + 3) % len(chosen)]["family"]}
        for number, row in enumerate(chosen)
    ]
    language = "pl" if where == "polish" else "sv"
    for row in [*chosen, *again]:
        email = address(row["given"], row["family"]).replace("@", f"+{mailbox.lower()}@")
        if not Person.objects.filter(email=email).exists():
            yield create_person(row["given"], row["family"], email=email, language=language, by=THE_SHELL)


def _seat(story: Story, coordinator: Person, controller: Person) -> None:
    programmes.give_seat(story.programme, coordinator, "coordinator", sees_protected=True, by=THE_SHELL)
    programmes.give_seat(story.programme, controller, "viewer", by=THE_SHELL)
    story.by = replace(THE_SHELL, person=coordinator)


def _kcm(cast: dict[str, Person], invented: list[dict], real: dict[str, Organisation]) -> Story:
    """82 organisations, about 250 people, three years; the breakfast, the visit of March, the follow-up."""
    story = begin("kcm", rules="SE-ESF-2014-PO1", real=real)
    _seat(story, cast["coordinator"], cast["controller"])
    programmes.give_seat(story.programme, cast["trainer"], "trainer", by=THE_SHELL)
    members = [row for row in invented if "KCM" in row["programmes"]][:82]
    enrol_invented(story, members, _people("swedish", "kcm"), per_organisation=3)
    first = Organisation.objects.get(name=members[0]["name"])
    for key, role in (("participant", "employee"), ("representative", "leader")):
        add_affiliation(cast[key], first, role, starts=story.programme.starts, confirmed=True, by=THE_SHELL)
        story.members.append((cast[key], first, role))
    give_mandate(first, cast["representative"], history.MANDATE, starts=story.programme.starts, by=THE_SHELL)
    write_activities(story, size=20)
    for row, sessions in _recurring():
        write_activity(story, row, sessions, size=20)
    return story


def _recurring() -> list[tuple[dict, list[dict]]]:
    """Assumed: what a competence centre gives week after week besides its published courses."""
    place = {
        "venue": "Nobelvägen 21",
        "place": "Malmö",
        "component": "K1",
        "beneficiary": "person",
        "capacity": 30,
    }
    return [
        (
            place | {"kind": "course", "title": "Styrelsens grunder", "summary": "Ansvar, ekonomi och möten, steg för steg."},
            series(date(2016, 9, 6), date(2017, 3, 28), every_days=14, begins=time(13), minutes=180,
                   titles=["Ansvar", "Ekonomi", "Möten", "Medlemmar"]),
        ),
        (
            place | {"kind": "course", "title": "Leda i en förening", "summary": "Ledarskap där ingen är chef över de frivilliga."},
            series(date(2017, 1, 12), date(2017, 12, 14), every_days=28, begins=time(9), minutes=180,
                   titles=["Uppdrag", "Samtal", "Konflikter", "Hållbart engagemang"]),
        ),
        (
            place | {"kind": "workshop", "title": "Öppen verkstad", "component": "K2", "summary": "Ta med det du sitter fast i."},
            series(date(2016, 5, 4), date(2018, 10, 10), every_days=28, begins=time(14), minutes=120, titles=[""]),
        ),
        (
            place | {"kind": "course", "title": "Projekt från idé till ansökan", "summary": "Från behov till budget som håller."},
            series(date(2017, 9, 7), date(2018, 6, 7), every_days=21, begins=time(9), minutes=240,
                   titles=["Behov", "Mål", "Budget", "Ansökan"]),
        ),
    ]  # fmt: skip


def _seventy_people(story: Story) -> None:
    """Mikołów counted seventy people; the demo knows the names of its invented ones only, the rest is a count."""
    forum = story.activities["forum"]
    for session in forum.sessions.all():
        named = Attendance.objects.filter(session=session, mark__in=[Mark.HERE, Mark.PART]).count()
        count_heads(session, 70 - named, by=story.by, reason="Lista wejść")


def _running_now(cast: dict[str, Person], kcm: Story) -> None:
    """An invented programme around today, so that the whole line can be tried: sign up, sheet, hours."""
    today = timezone.localdate()
    by = Actor(person=cast["coordinator"])
    programme = programmes.create_programme(
        "LYFT", name="Föreningslyftet (påhittat exempel)", short_name="Föreningslyftet",
        starts=date(today.year - 1, 1, 1), ends=date(today.year + 1, 12, 31), language="sv", country="SE", region="Skåne",
        budget=Decimal("2400000"), support=Decimal("1800000"), currency="SEK", report_name="redovisning", by=by,
        summary="Ett påhittat projekt som pågår nu, så att allt kan provas: anmälan, närvaro, intyg och rapport.",
        funder_information="Påhittat exempel. Finansieras av Exempelfonden.",
    )  # fmt: skip
    programmes.give_seat(programme, cast["coordinator"], "coordinator", sees_protected=True, by=by)
    programmes.give_seat(programme, cast["trainer"], "trainer", by=by)
    programmes.give_seat(programme, cast["controller"], "viewer", by=by)
    programmes.add_component(programme, "A", "Kurser och träffar", by=by)
    programmes.add_funding_line(
        programme, "lyft-exempel", "Exempelfonden", to_prove=Decimal("600000"), by=by,
        rule_set=RuleSet.objects.filter(code="SE-ESF-2014-PO1").first(),
    )  # fmt: skip
    for position, (code, name, measure, target) in enumerate(
        [
            ("DELT", "Deltagare", "unique_people", 120),
            ("ORG", "Organisationer", "unique_organisations", 25),
            ("TIM", "Timmar", "hours", 2000),
        ]
    ):
        indicator = Indicator.objects.create(
            programme=programme, code=code, name=name, measure=measure, position=position
        )
        Target.objects.create(indicator=indicator, value=target, by=programme.ends)
    story = Story(programme, {}, kcm.chance, by=by, members=kcm.members[:60] + kcm.members[-2:])
    for organisation in {organisation.pk: organisation for _p, organisation, _r in story.members}.values():
        programmes.enrol_organisation(programme, organisation, starts=programme.starts, by=by)
    _past_and_coming(story, cast, today)
    let_people_speak(story)
    certify(story, place="Malmö", signs=("Eva Nordlykta", "Projektledare"))


def _past_and_coming(story: Story, cast: dict[str, Person], today: date) -> None:
    place = {
        "venue": "Föreningarnas hus",
        "address": "Exempelgatan 1",
        "place": "Malmö",
        "component": "A",
        "beneficiary": "person",
    }
    help_at = {"contact_name": "Eva Nordlykta", "contact_phone": "040-000 00 00"}
    for row, days, size in [
        (
            ("course", "Ekonomi för kassörer", "Bokföring, budget och årsbokslut utan krångel."),
            (-75, -68, -61),
            18,
        ),
        (("workshop", "Hitta nya medlemmar", "Tre vägar som små föreningar har prövat."), (-47,), 16),
        (("network", "Frukost för kommunikatörer", "Två smågrupper om nätverk och inspiration."), (-33,), 15),
        (
            ("course", "Första hjälpen för föreningar", "Öva det du behöver innan någon annan hinner fram."),
            (-19, -12),
            18,
        ),
    ]:
        kind, title, summary = row
        sessions = [_evening(today + timedelta(days=shift), time(13), 180) for shift in days]
        write_activity(
            story,
            {"kind": kind, "title": title, "summary": summary, "capacity": 30, **place, **help_at},
            sessions,
            size=size,
        )
    _sheet_left_open(story, place | help_at, today)
    tonight = tonight_at(timezone.localtime())
    coming = [
        ("course", "Söka pengar till föreningen", "Läs utlysningar, räkna rätt, skriv kort.", [tonight], 24, 9),
        ("workshop", "Styrelsens årshjul", "Ni går hem med ert eget årshjul på ett papper.", [_evening(today + timedelta(days=5), time(17, 30), 150)], 12, 10),
        ("course", "Sociala medier på en timme i veckan", "Välj kanal, planera en månad.", [_evening(today + timedelta(days=9), time(13), 120), _evening(today + timedelta(days=16), time(13), 120)], 20, 7),
        ("network", "Frukost: möt kommunen", "Tre förvaltningar, fyra bord, inga föredrag.", [_evening(today + timedelta(days=13), time(8), 120)], 40, 12),
        ("meeting", "Nätverket för ordförande", "Ta med en fråga du vill ha hjälp med.", [_evening(today + timedelta(days=22), time(17), 120)], 10, 10),
        ("course", "Dataskydd för små föreningar", "Det viktigaste på två timmar.", [_evening(today + timedelta(days=34), time(17, 30), 120)], 25, 0),
    ]  # fmt: skip
    for kind, title, summary, sessions, capacity, size in coming:
        activity = create_activity(
            story.programme, by=story.by, language="sv", audience="public", kind=kind, title=title, summary=summary,
            capacity=capacity, access="Entré utan trösklar, hiss, hörslinga.", price="Kostnadsfritt",
            **{key: value for key, value in (place | help_at).items() if key != "component"},
            component=story.programme.components.first(),
        )  # fmt: skip
        for row in sessions:
            history.add_session(story, activity, row)
        publish_activity(activity, by=story.by)
        for person, organisation, role in story.chance.sample(story.members[:-2], size):
            register_for(
                activity,
                person=person,
                organisation=organisation,
                role=role,
                language="sv",
                tell=False,
                by=story.by,
            )
        name_leaders(activity, [cast["trainer"]], by=story.by)


def _sheet_left_open(story: Story, place: dict, today: date) -> None:
    """A sheet that waits for its coordinator, as there always is one."""
    row = {
        "kind": "course",
        "title": "Lönebidrag i föreningen",
        "summary": "Så går det till, från ansökan till lön.",
        "capacity": 20,
        "format": "hybrid",
        **place,
    }
    sessions = [_evening(today - timedelta(days=4), time(13), 180)]
    activity = write_activity(story, row, sessions, size=14, with_people=False)
    history.register_some(story, activity, 14)
    for attendance in Attendance.objects.filter(session__activity=activity)[:9]:
        mark_attendance(attendance, Mark.HERE, by=story.by)
    session = activity.sessions.get()
    bring_paper(story, session)
    bring_list(story, session)


def tonight_at(now: datetime) -> dict:
    """A session of two hours this evening, still to come or running at ``now``; just before midnight tomorrow's."""
    if now.time() >= time(23, 50):
        return _evening(now.date() + timedelta(days=1), time(18), 120)
    begins = max(18, now.hour - 1)
    return _evening(now.date(), time(begins), min(120, (24 - begins) * 60 - 1))


def _evening(day: date, begins: time, minutes: int) -> dict:
    """A session on that day; nobody meets at a weekend, today's excepted."""
    if day.weekday() > 4 and day != timezone.localdate():
        day += timedelta(days=2 if day > timezone.localdate() else -2)
    until = (datetime.combine(day, begins) + timedelta(minutes=minutes)).time()
    return {"date": day, "start": begins, "end": until, "minutes": minutes}
