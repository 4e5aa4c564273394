"""Kinds of material, who may have it, and by what right it is shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MaterialKind(models.TextChoices):
    FILE = "file", _("File")
    PICTURE = "picture", _("Picture")
    LINK = "link", _("Link")


class MaterialAudience(models.TextChoices):
    PRESENT = "present", _("Those who were there")
    REGISTERED = "registered", _("Everybody who has or had a place")
    PUBLIC = "public", _("Everybody")


class Rights(models.TextChoices):
    """By what right a file or picture is shown."""

    OWN = "own", _("We made it ourselves")
    PERMISSION = "permission", _("Whoever made it has said yes")
    CC_BY = "cc_by", _("Creative Commons, name the maker (CC BY)")
    CC0 = "cc0", _("Free for all (CC0 or public domain)")


class NextGuests(models.TextChoices):
    """Who is asked to the next meeting."""

    PRESENT = "present", _("Those who were there")
    REGISTERED = "registered", _("Everybody who had a place")
