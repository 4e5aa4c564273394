"""Sectors, roles and scopes of the directory; what is known of a venue."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    ASSOCIATION = "association", _("Association")
    FOUNDATION = "foundation", _("Foundation")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Social enterprise")
    PUBLIC_BODY = "public_body", _("Public body")
    COMPANY = "company", _("Company")
    EDUCATION = "education", _("School or university")
    INFORMAL_GROUP = "informal_group", _("Informal group")


class Size(models.TextChoices):
    UNKNOWN = "", _("Not known")
    MICRO = "micro", _("Nobody employed")
    SMALL = "small", _("1 to 9 employed")
    MEDIUM = "medium", _("10 to 49 employed")
    LARGE = "large", _("50 or more employed")


class AffiliationRole(models.TextChoices):
    EMPLOYEE = "employee", _("Employee")
    BOARD = "board", _("Board member")
    LEADER = "leader", _("Leader")
    VOLUNTEER = "volunteer", _("Volunteer")
    MEMBER = "member", _("Member")


class MandateScope(models.TextChoices):
    REGISTER_COLLEAGUES = "register_colleagues", _("Register colleagues")
    SIGN = "sign", _("Sign for the organisation")
    EDIT_PROFILE = "edit_profile", _("Edit the public profile")
    CONFIRM_HOURS = "confirm_hours", _("Confirm hours as employer")


class Known(models.TextChoices):
    """An answer about a venue; not known is an answer, too."""

    UNKNOWN = "", _("Not known")
    YES = "yes", _("Yes")
    NO = "no", _("No")
