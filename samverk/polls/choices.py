"""Answers to a proposed time, and where a poll stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    IF_NEED_BE = "maybe", _("If need be")
    NO = "no", _("No")


class PollState(models.TextChoices):
    OPEN = "open", _("Open")
    DECIDED = "decided", _("A time is chosen")
    CLOSED = "closed", _("Closed without a time")


# What an answer weighs when the times are put in order: a no outweighs any convenience.
WEIGHT = {Answer.YES: 3, Answer.IF_NEED_BE: 2, Answer.NO: 0}
MOST_TIMES = 12
# Kinds of mail.
ASKED, DECIDED, REMINDED = "polls.asked", "polls.decided", "polls.reminded"
# Purposes of the two personal links: one's own answers, and the address one passes on.
OWN_LINK, SHARED_LINK = "poll-voice", "poll-shared"
