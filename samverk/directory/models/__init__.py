"""Rows of the directory: organisations and who stands for them; venues and their rooms."""

from samverk.directory.models.organisations import (
    Affiliation,
    DatedQuerySet,
    DoubtfulPair,
    Identifier,
    Import,
    ImportedChange,
    Mandate,
    Merge,
    Organisation,
    OrganisationQuerySet,
)
from samverk.directory.models.venues import ACCESS_PARTS, AccessBlock, Room, Venue

__all__ = [
    "ACCESS_PARTS",
    "AccessBlock",
    "Affiliation",
    "DatedQuerySet",
    "DoubtfulPair",
    "Identifier",
    "Import",
    "ImportedChange",
    "Mandate",
    "Merge",
    "Organisation",
    "OrganisationQuerySet",
    "Room",
    "Venue",
]
