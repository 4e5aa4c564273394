"""Who one may sign in as in the demo. All are invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from samverk.kit.acting import THE_SHELL
from samverk.kit.fold import fold
from samverk.people.commands import create_person
from samverk.people.models import Person


@dataclass(frozen=True)
class Character:
    """A person of the demo: key in the address, name, what she is, where she starts."""

    key: str
    given: str
    family: str
    about: object
    starts_at: str
    language: str = "sv"

    @property
    def email(self) -> str:
        return address(self.given, self.family)


def address(given: str, family: str) -> str:
    return f"{fold(given)}.{fold(family)}@example.org".replace(" ", "")


CHARACTERS = [
    Character("coordinator", "Eva", "Nordlykta", _("Coordinator of KCM and of the programme that runs now"), "office:today"),
    Character("polish_coordinator", "Zofia", "Kwiatolesna", _("Coordinator of the four Polish programmes"), "office:today", "pl"),
    Character("trainer", "Tomas", "Lärkgren", _("Trainer: takes attendance on a phone"), "office:today"),
    Character("participant", "Gun-Britt", "Solgård", _("Participant, employed by an association"), "portal:home"),
    Character("representative", "Björn", "Havsäng", _("Representative: registers colleagues and confirms hours as employer"), "portal:home"),
    Character("controller", "Carin", "Granskär", _("Funder's controller: reads figures and rows"), "office:reports"),
    Character("keeper", "Viktor", "Nyckelby", _("Keeper of the installation"), "portal:home"),
]  # fmt: skip
BY_KEY = {character.key: character for character in CHARACTERS}


def make_characters() -> dict[str, Person]:
    """The cast by key."""
    made = {
        one.key: create_person(one.given, one.family, email=one.email, language=one.language, by=THE_SHELL)
        for one in CHARACTERS
    }
    Person.objects.filter(pk=made["keeper"].pk).update(is_keeper=True)
    return made
