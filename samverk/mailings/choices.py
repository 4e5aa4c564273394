"""To whom a message goes, and where it stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# Kinds of mail: the message itself, and the writer's own test of it.
LETTER, TEST = "mailings.letter", "mailings.test"


class Addressees(models.TextChoices):
    """Groups of an activity's people; presence is that of the marked sheets."""

    REGISTERED = "registered", _("Who has a place")
    WAITING = "waiting", _("Who is on the waiting list")
    PRESENT = "present", _("Who was there")
    ABSENT = "absent", _("Who had a place and did not come")


class MailingState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    TAKEN_BACK = "taken_back", _("Taken back before it was sent")
