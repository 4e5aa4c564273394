from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Session
from samverk.kit.codes import CodeField, new_row_code
from samverk.ledger.models import Evidence


class RemoteLog(models.Model):
    """A log-in list of a video meeting: read and asked about first, then written onto the session's sheet."""

    trail_values = ("state", "time_zone")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for your answers")
        WRITTEN = "written", _("Written")

    class Kind(models.TextChoices):
        ZOOM = "zoom", "Zoom"
        TEAMS = "teams", "Microsoft Teams"
        BIG_BLUE_BUTTON = "bigbluebutton", "BigBlueButton"
        OTHER = "other", _("Another program")

    code = CodeField(default=new_row_code)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="remote_logs")
    kind = models.CharField(max_length=15, choices=Kind)
    file = models.FileField(upload_to="remote-logs")
    file_name = models.CharField(max_length=200)
    # SHA-256 of the bytes as they were sent.
    digest = models.CharField(max_length=64)
    # In which zone its times are written, where the file does not say.
    time_zone = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    # {key of somebody on the list: "row:17", "walk_in" or "skip"}
    answers = models.JSONField(default=dict)
    # {row of the sheet, or key of somebody added: what was written}: the same is not written again, whoever corrected the row since.
    written = models.JSONField(default=dict)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="remote_logs"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "digest"], name="a_log_in_list_once_per_session"),
            models.CheckConstraint(
                condition=~models.Q(state="written")
                | models.Q(evidence__isnull=False, written_at__isnull=False),
                name="written_log_is_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
