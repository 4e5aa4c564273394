"""Who may see accounts. Whether somebody may see a *person* is decided in samverk.activities.permissions."""

from __future__ import annotations

from django.db.models import QuerySet

from samverk.people.models import Archive, Device, Person


def devices_visible_to(person: Person) -> QuerySet[Device]:
    """A person's own signed-in browsers."""
    return Device.objects.filter(person=person)


def archives_visible_to(person: Person) -> QuerySet[Archive]:
    """A person's own archives, the newest first."""
    return Archive.objects.filter(person=person)


def may_see_accounts(person: Person) -> bool:
    """The keeper sees accounts and logs, not notes."""
    return person.is_authenticated and person.is_keeper
