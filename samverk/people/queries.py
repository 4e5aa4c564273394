"""Reading people and their sign-ins."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from samverk.people.models import Device, Person, SignIn


def person_by_email(email: str) -> Person | None:
    """Who signs in with this address. The address of somebody who was merged is from then on the survivor's, too."""
    found = Person.objects.filter(email=email.strip().lower()).select_related("merged_into").first()
    person = found.merged_into if found is not None and found.merged_into is not None else found
    return person if person is not None and person.is_active else None


def person_by_code(code: str) -> Person | None:
    """A person by her public code; the code of somebody who was merged leads to who stayed."""
    person = Person.objects.filter(code=code).select_related("merged_into").first()
    while person is not None and person.merged_into is not None:
        person = person.merged_into
    return person


def devices_of(person: Person) -> QuerySet[Device]:
    """The browsers in which a person is signed in now, last seen first."""
    return Device.objects.filter(person=person, ends_at__gt=timezone.now())


def untold_keeper_links(person: Person) -> QuerySet[SignIn]:
    """Sign-in links a keeper made for this person, of which she has not been told."""
    return SignIn.objects.filter(person=person, by_keeper=True, told_at=None)


def broken_people() -> list[str]:
    """For `doctor`: people that search and sorting would miss, and browsers of nobody living."""
    lines = []
    if count := Person.objects.alive().filter(sort_key="", folded="").count():
        lines.append(f"people: {count} people have no search keys")
    if count := Device.objects.filter(person__merged_into__isnull=False).count():
        lines.append(f"people: {count} signed-in browsers belong to merged people")
    if count := Person.objects.filter(merged_into__merged_into__isnull=False).count():
        lines.append(f"people: {count} merged people lead to somebody who was merged, too")
    return lines
