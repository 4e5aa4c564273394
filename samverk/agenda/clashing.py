"""What fights over one room or one person in a programme, and which of that somebody has accepted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.agenda.choices import ClashKind
from samverk.agenda.models import AcceptedClash, Agenda, AgendaItem, Appearance, Speaker
from samverk.agenda.rules import Clash, Use, clashes_of
from samverk.kit import words
from samverk.kit.acting import Refusal
from samverk.people.rules import alias_of


@dataclass(frozen=True)
class ShownClash:
    """A clash in words for whoever schedules; ``reason`` says why it stands, where somebody has said so."""

    first: AgendaItem
    second: AgendaItem
    what: str
    reason: str


def all_clashes(agenda: Agenda) -> list[Clash]:
    """Every clash of a programme, accepted or not. Two queries, however long it is."""
    standing = agenda.items.standing()
    rooms = standing.filter(room__isnull=False).values_list("pk", "room", "starts_at", "ends_at")
    people = Appearance.objects.filter(item__in=standing).values_list(
        "item", "speaker", "item__starts_at", "item__ends_at"
    )
    return [
        *clashes_of(ClashKind.ROOM, (Use(*row) for row in rooms)),
        *clashes_of(ClashKind.PERSON, (Use(*row) for row in people)),
    ]


def accepted_pairs(agenda: Agenda) -> dict[tuple[str, int, int], str]:
    """Pairs somebody said a reason for."""
    rows = AcceptedClash.objects.filter(first__agenda=agenda).values_list("kind", "first", "second", "reason")
    return {(kind, first, second): reason for kind, first, second, reason in rows}


def new_clashes(agenda: Agenda, items: set[int]) -> list[Clash]:
    """Clashes of these items that nobody has accepted."""
    accepted = accepted_pairs(agenda)
    found = all_clashes(agenda)
    return [one for one in found if {one.first, one.second} & items and one.pair not in accepted]


def shown_clashes(agenda: Agenda) -> list[ShownClash]:
    """All clashes in words, those without a reason first."""
    found = all_clashes(agenda)
    accepted = accepted_pairs(agenda)
    shown = _in_words(agenda, found, accepted)
    return sorted(shown, key=lambda one: (bool(one.reason), one.first.starts_at))


def clash_refusal(agenda: Agenda, found: list[Clash]) -> Refusal:
    """Says what fights over what; the answer is another time, or a reason."""
    told = [one.what for one in _in_words(agenda, found[:3], {})]
    more = len(found) - len(told)
    if more > 0:
        told.append(ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more})
    return Refusal(
        " ".join([*told, _("Change the time or the room, or say why it is all right.")]),
        code="clash",
        field="reason",
        clashes=found,
    )


def _in_words(
    agenda: Agenda, found: list[Clash], accepted: dict[tuple[str, int, int], str]
) -> list[ShownClash]:
    ids = {pk for one in found for pk in (one.first, one.second)}
    items = {item.pk: item for item in AgendaItem.objects.filter(pk__in=ids).select_related("room")}
    for item in items.values():
        item.agenda = agenda
    people = {one.subject for one in found if one.kind == ClashKind.PERSON}
    named = Speaker.objects.filter(pk__in=people).select_related("registration__person")
    names = {one.pk: name_in_office(one) for one in named}
    return [
        ShownClash(items[one.first], items[one.second], _said(one, items, names), accepted.get(one.pair, ""))
        for one in found
    ]


def _said(clash: Clash, items: dict[int, AgendaItem], names: dict[int, str]) -> str:
    first, second = items[clash.first], items[clash.second]
    facts = {
        "first": first.title, "second": second.title,
        "one": words.span(first.starts_local, first.ends_local),
        "two": words.span(second.starts_local, second.ends_local),
    }  # fmt: skip
    if clash.kind == ClashKind.ROOM:
        facts["what"] = str(first.room)
    else:
        facts["what"] = names.get(clash.subject, "")
    return _("%(what)s twice: “%(first)s” %(one)s and “%(second)s” %(two)s.") % facts


def name_in_office(speaker: Speaker) -> str:
    """A speaker's name as a list shows it; somebody with protected identity under an alias."""
    person = speaker.registration.person if speaker.registration else None
    return alias_of(person.code) if person is not None and person.is_protected else str(speaker)
