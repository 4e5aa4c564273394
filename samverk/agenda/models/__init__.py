"""Rows of a day's programme."""

from samverk.agenda.models.agenda import Agenda, ProgrammeRoom, Track
from samverk.agenda.models.imports import AgendaImport
from samverk.agenda.models.items import AcceptedClash, AgendaItem
from samverk.agenda.models.speakers import Appearance, Speaker

__all__ = [
    "AcceptedClash",
    "Agenda",
    "AgendaImport",
    "AgendaItem",
    "Appearance",
    "ProgrammeRoom",
    "Speaker",
    "Track",
]
