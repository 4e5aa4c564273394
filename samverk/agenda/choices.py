"""Kinds of items, roles on them, and what two items may fight over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    WELCOME = "welcome", _("Welcome")
    TALK = "talk", _("Talk")
    PANEL = "panel", _("Panel")
    WORKSHOP = "workshop", _("Workshop")
    BREAK = "break", _("Break")
    NETWORKING = "networking", _("Time to meet")


class SpeakerRole(models.TextChoices):
    SPEAKER = "speaker", _("Speaks")
    MODERATOR = "moderator", _("Moderates")
    HOST = "host", _("Hosts")


class ClashKind(models.TextChoices):
    ROOM = "room", _("One room twice")
    PERSON = "person", _("One person twice")
