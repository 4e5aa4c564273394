from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

INVITED = "evaluation.invitation"
LINK = "evaluation"
# Fewer than these are never shown apart: one could guess who it was.
SMALLEST_GROUP = 5


class Moment(models.TextChoices):
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")


class EvaluationState(models.TextChoices):
    DRAFT = "draft", _("Not open")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
