"""A registration as the office shows it in a list: in words, and somebody with protected identity by alias."""

from __future__ import annotations

from typing import Any

from samverk.activities.admission_rules import ELSEWHERE
from samverk.activities.choices import LIVE, ComesAs, Representation
from samverk.activities.models import Activity, Registration
from samverk.directory.regions import region_name
from samverk.people.rules import shown_name

KINDS = {
    "held": "info", "queued_held": "info", "confirmed": "ok", "waiting": "wait", "offered": "wait",
    "applied": "wait", "declined": "off", "cancelled": "off", "expired": "off",
}  # fmt: skip


def row_of(one: Registration, activity: Activity) -> dict[str, Any]:
    """What a list shows; of a protected person nothing that tells who she is."""
    one.activity = activity
    person = one.person
    hidden = person is not None and person.is_protected
    organisation = str(one.organisation) if one.organisation else one.organisation_typed
    return {
        "code": one.code,
        "name": shown_name(person) if person and hidden else one.name,
        "hidden": hidden,
        "person_code": person.code if person else "",
        "email": "" if hidden else one.email,
        "organisation": "" if hidden else organisation,
        "is_claimed": one.representation == Representation.CLAIMED and not hidden,
        "state": one.get_state_display(),
        "kind": KINDS[one.state],
        "role": "" if hidden else one.get_role_display(),
        "comes_as": "" if one.comes_as == ComesAs.PARTICIPANT else one.get_comes_as_display(),
        "region": "" if hidden or one.region in ("", ELSEWHERE) else region_name(one.region),
        "note": "" if hidden else one.note,
        "since": one.registered_at,
        "is_live": one.state in LIVE,
    }
