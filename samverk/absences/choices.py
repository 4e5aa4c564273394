from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

RECENT = timedelta(days=365)


class ExcuseState(models.TextChoices):
    ASKED = "asked", _("Asks for a correction")
    GRANTED = "granted", _("Does not count")
    DECLINED = "declined", _("Counts all the same")
