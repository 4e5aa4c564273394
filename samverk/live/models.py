from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Session
from samverk.kit.codes import CodeField, new_code

MOST_OPTIONS = 8


def new_wall_code() -> str:
    """Six letters that one types from a wall; each session has its own."""
    return new_code(6)


class LiveKind(models.TextChoices):
    POLL = "poll", _("Poll")
    WORDS = "words", _("Word cloud")
    RATING = "rating", _("Rating")
    FLOOR = "floor", _("Questions from the floor")


class Room(models.Model):
    """A session's live questions. ``step`` counts what phones must show anew, ``votes`` what the wall must."""

    trail_values = ("is_open",)

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="room_live")
    code = models.CharField(max_length=12, unique=True, default=new_wall_code)
    is_open = models.BooleanField(default=False)
    current = models.ForeignKey(
        "LiveQuestion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    step = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.code


class LiveQuestion(models.Model):
    """One question; its answers stay with the session."""

    trail_values = ("kind", "shows_results")

    code = CodeField()
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(_("kind"), max_length=6, choices=LiveKind)
    text = models.CharField(_("question"), max_length=200)
    options = models.JSONField(default=list, blank=True)
    shows_results = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """One device's answer. The device is a random number in a cookie, kept here as a digest made for this question."""

    question = models.ForeignKey(LiveQuestion, on_delete=models.CASCADE, related_name="votes")
    device = models.CharField(max_length=64)
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "device"], name="one_vote_per_device")]

    def __str__(self) -> str:
        return self.value


class FloorQuestion(models.Model):
    """Something somebody in the room asks; hidden ones stay, and who hid them stands in the log."""

    trail_values = ("is_hidden",)

    code = CodeField()
    question = models.ForeignKey(LiveQuestion, on_delete=models.CASCADE, related_name="asked")
    text = models.CharField(max_length=200)
    supports = models.PositiveIntegerField(default=0)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["-supports", "id"]

    def __str__(self) -> str:
        return self.text


class Support(models.Model):
    """One device stands behind a question from the floor."""

    asked = models.ForeignKey(FloorQuestion, on_delete=models.CASCADE, related_name="supported_by")
    device = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asked", "device"], name="one_support_per_device")]

    def __str__(self) -> str:
        return f"{self.asked_id}"
