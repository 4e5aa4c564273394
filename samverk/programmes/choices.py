"""Roles of partners and of the team."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerKind(models.TextChoices):
    LEAD = "lead", _("Lead organisation")
    PARTNER = "partner", _("Partner")
    FUNDER = "funder", _("Funder")
    HOST = "host", _("Host")
    CO_FINANCIER = "co_financier", _("Co-financier")


class SeatRole(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    TRAINER = "trainer", _("Trainer")
    MENTOR = "mentor", _("Mentor")
    VIEWER = "viewer", _("Viewer")
