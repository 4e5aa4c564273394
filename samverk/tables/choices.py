"""What groups are mixed by, and who may not, or must, sit together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mix(models.TextChoices):
    SECTOR = "sector", _("Sector")
    ORGANISATION = "organisation", _("Organisation")
    PLACE = "place", _("Place")
    ROLE = "role", _("Role")
    EXPERIENCE = "experience", _("How often they were here")


class PairKind(models.TextChoices):
    APART = "apart", _("Apart")
    TOGETHER = "together", _("Together")
