from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

ANSWERED = "adjustments.answered"


class RequestState(models.TextChoices):
    ASKED = "asked", _("Waits for an answer")
    ARRANGED = "arranged", _("Arranged")
    IMPOSSIBLE = "impossible", _("Not possible")
    WITHDRAWN = "withdrawn", _("No longer needed")
