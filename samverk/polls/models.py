from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity, Session
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_row_code
from samverk.polls.choices import Answer, PollState


class Poll(models.Model):
    """A question for a time of an activity."""

    trail_values = ("state",)

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="polls")
    title = models.CharField(_("what it is about"), max_length=200)
    note = models.CharField(_("a word to those you ask"), max_length=500, blank=True)
    language = models.CharField(max_length=2, choices=Language)
    time_zone = models.CharField(max_length=60)
    deadline = models.DateTimeField(_("answer by"))
    state = models.CharField(max_length=8, choices=PollState, default=PollState.OPEN)
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="decided_by"
    )
    link_version = models.PositiveIntegerField(default=1)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(session=None) | models.Q(state="decided"), name="chosen_time_is_decided"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def deadline_local(self) -> datetime:
        return self.deadline.astimezone(self.zone)


class ProposedTime(models.Model):
    """One of the times to choose from."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="proposed_time_ends_after_start"
            ),
            models.UniqueConstraint(fields=["poll", "starts_at", "ends_at"], name="time_proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(self.poll.zone)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(self.poll.zone)


class Voice(models.Model):
    """Somebody who is asked, or who came by the shared address and wrote a name."""

    code = CodeField(default=new_row_code)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voices")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="poll_voices"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=Language)
    link_version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "person"],
                condition=models.Q(person__isnull=False),
                name="one_voice_per_person",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TimeAnswer(models.Model):
    """What somebody says to one proposed time."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="answers")
    time = models.ForeignKey(ProposedTime, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(max_length=5, choices=Answer)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "time"], name="one_answer_to_a_time")]

    def __str__(self) -> str:
        return f"{self.voice_id} {self.answer}"
