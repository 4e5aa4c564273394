"""1,000 certificates: issued with their signed credentials and mails, then drawn as PDF one by one and in one file."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.installation import Browser, empty_installation, measured, said

MANY = 1000
DRAWN = 40


def main() -> int:
    with empty_installation():
        from samverk.certificates.commands.issuing import start_issuing, work_on_issuings
        from samverk.certificates.documents import PAGES_IN_ONE, certificate_document, certificates_document
        from samverk.certificates.messages import certificate_token
        from samverk.certificates.models import Certificate
        from samverk.certificates.queries import to_print
        from samverk.kit.acting import THE_SHELL
        from tests.cast import make_cast
        from tests.certificates.courses import a_course

        cast = make_cast()
        activity = a_course(cast, capacity=None)
        keys = _people(activity)
        issuing = start_issuing(activity, keys, by=THE_SHELL)
        turns = _timed(
            f"{MANY} certificates issued, signed, mails queued", lambda: _all(work_on_issuings), MANY
        )
        issuing.refresh_from_db()
        assert Certificate.objects.count() == issuing.issued == MANY
        print(f"{'':<46} in {turns} turns of the worker")
        few = list(to_print(activity)[:DRAWN])
        certificate_document(few[0])
        _timed(
            f"{DRAWN} drawn as PDF, a file each", lambda: [certificate_document(one) for one in few], DRAWN
        )
        many = list(to_print(activity)[:PAGES_IN_ONE])
        _timed(f"{PAGES_IN_ONE} drawn in one file", lambda: certificates_document(many), PAGES_IN_ONE)
        _pages(cast, activity, few[0], certificate_token)
    return 0


def _all(work: Callable[[], int]) -> int:
    turns = 0
    while work():
        turns += 1
    return turns


def _timed(name: str, run: Callable[[], Any], number: int) -> Any:
    """CPU and wall time of one run, and how many a second of CPU that is."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{name:<46} {cpu:7.2f} s CPU, {wall:6.2f} s by the clock, {number / cpu:7.0f} a second of CPU")
    return answer


def _people(activity: Any) -> list[str]:
    from samverk.activities.choices import RegistrationState
    from samverk.activities.completion import key_of
    from samverk.activities.models import Attendance, Registration
    from samverk.people.models import Person

    people = [
        Person(given_name="Anna", family_name=f"Exempel {n}", email=f"p{n}@example.org", language=("sv", "pl", "en")[n % 3],
               code=f"N{n:06}")
        for n in range(MANY)
    ]  # fmt: skip
    for person in people:
        person.write_keys()
        person.code_is_free = True  # type: ignore[attr-defined]
    Person.objects.bulk_create(people)
    places = [
        Registration(activity=activity, person=one, given_name=one.given_name, family_name=one.family_name,
                     email=one.email or "", language=one.language, state=RegistrationState.CONFIRMED)
        for one in people
    ]  # fmt: skip
    Registration.objects.bulk_create(places)
    session = activity.sessions.get()
    Attendance.objects.bulk_create(
        Attendance(session=session, registration=place, person=place.person, mark="here", sort_key=str(place))
        for place in places
    )
    return [key_of(one.pk, None) for one in people]


def _pages(cast: Any, activity: Any, certificate: Any, token: Callable[[Any], str]) -> None:
    office, visitor = Browser(cast.coordinator), Browser()
    pages = {
        "the office's page of 1,000": (office, f"/office/activities/{activity.code}/certificates/"),
        "the check page": (visitor, f"/en/check/{certificate.check_code}/"),
        "her own page": (visitor, f"/en/certificates/{token(certificate)}/"),
        "her PDF": (visitor, f"/en/certificates/{token(certificate)}/certificate.pdf"),
        "the list of revocations": (visitor, "/badges/status/1"),
    }
    for name, (browser, address) in pages.items():
        said(name, measured(lambda b=browser, a=address: b.get(a), times=7), "no limit set")
