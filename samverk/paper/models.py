from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from samverk.activities.models import Session
from samverk.kit.codes import CodeField, new_code, new_row_code
from samverk.ledger.models import Evidence
from samverk.paper.choices import PageState, Why
from samverk.paper.page_codes import PRINT_LETTERS, page_code
from samverk.programmes.models import Programme


def new_print_code() -> str:
    return new_code(PRINT_LETTERS)


class PrintedList(models.Model):
    """An attendance list as it went to the printer: it stays understood when the sheet changes afterwards."""

    code = CodeField(default=new_print_code)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="printed_lists")
    # Of the rows in order and their pages: the same list again is the same print.
    digest = models.CharField(max_length=64)
    printed_at = models.DateTimeField(default=timezone.now)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "digest"], name="one_print_of_the_same_list")
        ]

    def __str__(self) -> str:
        return self.code


class PrintedPage(models.Model):
    """A page of it, with the rows of the sheet that stand on it, in order."""

    printed = models.ForeignKey(PrintedList, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    # Ids of attendance rows. A row that was taken off the sheet since is passed over.
    rows = models.JSONField(default=list)
    # The number printed before its first row.
    first = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["printed", "number"]
        constraints = [models.UniqueConstraint(fields=["printed", "number"], name="one_page_of_each_number")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return page_code(self.printed.code, self.number)


class Scan(models.Model):
    """A file somebody sent: the original, kept with its hash."""

    code = CodeField(default=new_row_code)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="scans")
    # Where it was sent from; its code decides where a page belongs.
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="scans_sent"
    )
    file = models.FileField(upload_to="scans")
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    # SHA-256 of the bytes as they were sent.
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "digest"], name="a_file_is_sent_once_per_programme")
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(read_at=None), name="scan_to_read"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ScanPage(models.Model):
    """A page of a scan: filed at a session, or waiting for somebody who can tell."""

    trail_values = ("state", "why")

    code = CodeField(default=new_row_code)
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PageState, default=PageState.UNREAD)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    # The words of a refusal, or the reason somebody wrote for throwing it away.
    said = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    picture = models.FileField(upload_to="scans", blank=True)
    thumbnail = models.FileField(upload_to="scans", blank=True)
    # Quarter turns to the right for whoever looks at it; the filed copy stays as it came.
    turned = models.PositiveSmallIntegerField(default=0)
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="scan_pages"
    )
    printed_page = models.ForeignKey(
        PrintedPage, null=True, blank=True, on_delete=models.PROTECT, related_name="scan_pages"
    )
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="scan_pages"
    )
    # Rows added from names that somebody wrote at the foot of it.
    added = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["scan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="one_scan_page_of_each_number"),
            models.CheckConstraint(
                condition=~models.Q(state="filed") | models.Q(session__isnull=False, evidence__isnull=False),
                name="filed_page_is_evidence",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="scan_page_by_state")]

    def __str__(self) -> str:
        return f"{self.scan} · {self.number}"
