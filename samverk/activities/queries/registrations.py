"""The office's list of one activity: tabs with counts, rows of a tab."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Registration
from samverk.kit.fold import fold

TABS: dict[str, tuple[State, ...]] = {
    "going": (State.CONFIRMED,),
    "applied": (State.APPLIED,),
    "waiting": (State.WAITING, State.OFFERED),
    "unconfirmed": (State.HELD, State.QUEUED_HELD),
    "declined": (State.DECLINED,),
    "gone": (State.CANCELLED, State.EXPIRED),
}


@dataclass(frozen=True)
class Tab:
    """A status tab with its count."""

    key: str
    text: str
    count: int


def registration_tabs(activity: Activity) -> list[Tab]:
    """Tabs with counts, by one query; together they hold everybody once."""
    counted = dict(activity.registrations.order_by().values_list("state").annotate(Count("pk")))
    texts = {
        "going": _("Has a place"),
        "applied": _("Ask to come"),
        "waiting": _("Waiting"),
        "unconfirmed": _("Not confirmed"),
        "declined": _("Not admitted"),
        "gone": _("Gone"),
    }
    return [
        Tab(key, texts[key], sum(counted.get(state, 0) for state in states)) for key, states in TABS.items()
    ]


def registrations_of(activity: Activity, tab: str = "going", search: str = "") -> QuerySet[Registration]:
    """Registrations of one tab, people and organisations loaded; the waiting list in its order, others by name."""
    order = ("queued_at", "pk") if tab == "waiting" else ("family_name", "given_name", "pk")
    found = activity.registrations.filter(state__in=TABS.get(tab, TABS["going"]))
    if search:
        found = found.filter(_named(search))
    return found.select_related("person", "organisation").order_by(*order)


def _named(search: str) -> Q:
    """By folded name of the person, or by what was typed."""
    wanted = Q()
    for word in fold(search).split():
        typed = (
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(organisation_typed__icontains=word)
        )
        wanted &= Q(person__folded__contains=word) | typed
    return wanted
