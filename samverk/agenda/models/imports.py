from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity
from samverk.kit.codes import CodeField


class AgendaImport(models.Model):
    """A programme file taken in: read and reported first, written when somebody says so, and undone as one."""

    trail_values = ("state",)

    class State(models.TextChoices):
        READ = "read", _("Read, waits for you")
        WRITING = "writing", _("Being written")
        WRITTEN = "written", _("Written")
        UNDONE = "undone", _("Undone")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="agenda_imports")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.READ)
    # The file in the form of schedule.json; emptied when it is written, or after a week.
    content = models.JSONField(default=dict)
    # What would happen, or has happened: counts, and what the reader could not take as it stood.
    report = models.JSONField(default=dict)
    # Who said yes, and whether the names are published already.
    options = models.JSONField(default=dict)
    # Ids that were made, and values before, so that it can be taken back.
    written = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    leased_until = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.code}"
