"""What a set is for, and what an answer is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SetKind(models.TextChoices):
    REGISTRATION = "registration", _("Registration")
    EVALUATION = "evaluation", _("Evaluation")
    LIVE = "live", _("Live questions")


class QuestionKind(models.TextChoices):
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    CHOICE = "choice", _("One of several")
    SEVERAL = "several", _("Any of several")
    YES_NO = "yes_no", _("Yes or no")
    SCALE = "scale", _("Scale")
    NUMBER = "number", pgettext_lazy("kind of answer", "Number")
    DATE = "date", _("Date")
    FILE = "file", _("File")


class AskedPer(models.TextChoices):
    PERSON = "person", _("Each person")
    ORGANISATION = "organisation", _("Once for an organisation")


# Kinds whose answers are keys of options, and kinds that can be counted and drawn.
WITH_OPTIONS = (QuestionKind.CHOICE, QuestionKind.SEVERAL)
COUNTED = (QuestionKind.CHOICE, QuestionKind.SEVERAL, QuestionKind.YES_NO, QuestionKind.SCALE)
# An evaluation promises that nobody is known by what she says: a file may name its maker.
KINDS_OF_SET = {
    SetKind.REGISTRATION: tuple(QuestionKind),
    SetKind.EVALUATION: tuple(kind for kind in QuestionKind if kind != QuestionKind.FILE),
    SetKind.LIVE: (QuestionKind.CHOICE, QuestionKind.SEVERAL, QuestionKind.YES_NO, QuestionKind.SCALE, QuestionKind.SHORT),
}  # fmt: skip
