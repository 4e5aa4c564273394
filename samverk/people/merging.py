"""What moves when two people turn out to be one: requests to sign in. Browsers are signed out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samverk.kit.merging import Part
from samverk.people.models import Person, SignIn

# What a person may choose of the two rows, in the order of the page.
CHOICES = ("given_name", "family_name", "email", "contact_email", "phone", "place", "language")


def part_of_merge(kind: str, survivor: Person, absorbed: Person) -> Part:
    """Sign-ins follow the person. A keeper's account is never absorbed: rights over the installation do not move."""
    part = Part()
    if kind != "person":
        return part
    if absorbed.is_keeper:
        part.refusals.append(
            _("The account of a keeper cannot go into another one. Merge the other way round.")
        )
    part.take(SignIn, "person", survivor, absorbed)
    return part
