from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.kit.codes import CodeField
from samverk.programmes.models import Programme


class Indicator(models.Model):
    """What a programme counts: a named measure with filters, and the wording its funder uses."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    measure = models.CharField(max_length=60)
    filters = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="indicator_code")]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """What an indicator should reach by a day."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    by = models.DateField()
    baseline = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        ordering = ["by"]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.value}"


class Report(models.Model):
    """A funder's report of a programme for a period: live until frozen."""

    trail_values = ("starts", "ends")

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reports")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("to"))
    title = models.CharField(max_length=200)
    narrative = models.TextField(_("in words"), blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-ends", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="report_period")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def frozen(self) -> Snapshot | None:
        """Its snapshot, once that is whole."""
        snapshot = getattr(self, "snapshot", None)
        return snapshot if snapshot is not None and snapshot.is_complete else None


class Snapshot(models.Model):
    """A report frozen: its figures, the keys and hashes of every row behind them, and one hash over all."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="snapshot")
    figures = models.JSONField()
    # SHA-256 over the figures and every row, in order: docs/frozen-reports.md says how to recompute it.
    digest = models.CharField(max_length=64)
    rows_count = models.PositiveIntegerField()
    # Rows are written in batches; until the last one is in, the report counts as live.
    is_complete = models.BooleanField(default=False)
    frozen_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.digest[:12]


class SnapshotRow(models.Model):
    """One row behind a frozen report; persons only by keyed code."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rows")
    section = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    values = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "section", "key"], name="snapshot_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.key}"


class SnapshotKey(models.Model):
    """Which person a keyed code of a snapshot means; this list is erased alone."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="keys")
    keyed_code = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "keyed_code"], name="snapshot_key_once")]

    def __str__(self) -> str:
        return self.keyed_code
