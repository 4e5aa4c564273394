"""What `people` holds about somebody: her own details and the browsers she is signed in with."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.kit.exports import Part, Table
from samverk.people.models import Person
from samverk.people.queries import devices_of


def part_of_person(person: Person) -> Part:
    details = Table(
        "details",
        _("My details"),
        [
            ("given_name", _("Given name")), ("family_name", _("Family name")), ("email", _("E-mail")),
            ("contact_email", _("Another e-mail")), ("phone", _("Phone")), ("place", _("Place")),
            ("language", _("Language")), ("is_protected", _("Protected identity")), ("joined_at", _("Since")),
        ],
        [
            {
                "given_name": person.given_name, "family_name": person.family_name, "email": person.email or "",
                "contact_email": person.contact_email, "phone": person.phone, "place": person.place,
                "language": person.get_language_display(), "is_protected": person.is_protected,
                "joined_at": person.joined_at,
            }
        ],
    )  # fmt: skip
    browsers = Table(
        "browsers",
        _("Browsers signed in"),
        [("label", _("Browser")), ("signed_in_at", _("Since")), ("seen_at", _("Last seen"))],
        [
            {"label": one.label, "signed_in_at": one.signed_in_at, "seen_at": one.seen_at}
            for one in devices_of(person)
        ],
    )
    return Part(_("About me"), [details, browsers])
