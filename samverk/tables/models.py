from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Attendance, Session
from samverk.kit.codes import CodeField
from samverk.tables.choices import PairKind


class TablePlan(models.Model):
    """How the people of a session sit: so many tables and rounds, and what was asked for."""

    trail_values = ("tables", "rounds")

    code = CodeField()
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="table_plan")
    tables = models.PositiveSmallIntegerField(_("tables"))
    rounds = models.PositiveSmallIntegerField(_("rounds"), default=1)
    # Keys of Mix, the most important first.
    mix = models.JSONField(default=list)
    organisations_apart = models.BooleanField(default=True)
    remembers = models.BooleanField(default=True)
    # Those marked as here; otherwise everybody expected who is not absent.
    only_here = models.BooleanField(default=False)
    seed = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Participants see their tables on "My place" from then on.
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tables__gte=1, rounds__gte=1), name="a_plan_has_a_table"
            )
        ]

    def __str__(self) -> str:
        return self.code


class TableSeat(models.Model):
    """Where one row of the sheet sits in one round; locked, it stays there when groups are made again."""

    plan = models.ForeignKey(TablePlan, on_delete=models.CASCADE, related_name="seats")
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="table_seats")
    round = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField()
    is_locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["round", "table", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "attendance", "round"], name="one_seat_in_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.round} {self.table}"


class TablePair(models.Model):
    """Two people who sit apart, or together, in every round."""

    plan = models.ForeignKey(TablePlan, on_delete=models.CASCADE, related_name="pairs")
    kind = models.CharField(max_length=8, choices=PairKind)
    one = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "one", "other"], name="one_rule_for_a_pair"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="a_pair_is_two"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"


class TableNote(models.Model):
    """What a table talked about in a round."""

    plan = models.ForeignKey(TablePlan, on_delete=models.CASCADE, related_name="notes")
    round = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField()
    text = models.TextField(_("notes"), max_length=5000, blank=True)
    edited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["round", "table"]
        constraints = [models.UniqueConstraint(fields=["plan", "round", "table"], name="one_note_of_a_table")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.round} {self.table}"


class TablePhoto(models.Model):
    """A picture of a table's paper or board."""

    code = CodeField()
    plan = models.ForeignKey(TablePlan, on_delete=models.CASCADE, related_name="photos")
    round = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to="tables")
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    described = models.CharField(_("what it shows"), max_length=300)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.file_name
