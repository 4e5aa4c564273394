from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import EvidenceKind
from samverk.activities.models import Activity, Attendance, Session
from samverk.directory.models import Organisation
from samverk.kit.codes import CodeField, new_code
from samverk.programmes.models import Component, FundingLine, Programme, RuleSet


def new_line_code() -> str:
    """Eleven letters: a country's ledger holds millions of lines, and seven would soon meet twice."""
    return new_code(11)


def new_paper_code() -> str:
    """Nine letters, which also stand on paper."""
    return new_code(9)


class HourEntryQuerySet(models.QuerySet["HourEntry"]):
    def live(self) -> HourEntryQuerySet:
        """Without the reversed."""
        return self.filter(reversed_at=None)


class HourEntry(models.Model):
    """A line of the hours ledger. Who, on whose behalf, what, when and how long is written once; a reversal takes it back.

    What only describes the circumstances (plan of the activity, size of the group, proof, contract share, component,
    flags) is kept current by posting, so that a signature is not voided because somebody else came late.
    """

    code = CodeField(default=new_line_code)
    # Where it came from. The ledger knows nothing else about the source than reckoning.Presence says.
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="hour_entries")
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="hour_entries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_entries"
    )
    # On whose behalf; None where nobody confirmed that she stands for an organisation.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="hour_entries"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="hour_entries")
    component = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    # The stay; the rules read its wall clock at the session's place, which is starts_local.
    starts_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60, default="Europe/Stockholm")
    # First day of the month in which the stay began, at the session's place.
    month = models.DateField()
    minutes = models.PositiveIntegerField()
    employment = models.CharField(max_length=20)
    category = models.CharField(max_length=40, default="default")
    planned_minutes = models.PositiveIntegerField()
    group_size = models.PositiveIntegerField()
    flags = models.JSONField(default=list)
    evidence = models.CharField(max_length=20, choices=EvidenceKind)
    contract_share = models.DecimalField(max_digits=4, decimal_places=3, default=1)
    # Since when a live attestation of the person, of the employer, covers exactly this line.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    countersigned_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(default=timezone.now)
    reversed_at = models.DateTimeField(null=True, blank=True)
    # Why, with the code of the trail entry that caused it, for the list of differences.
    reversed_because = models.CharField(max_length=300, blank=True)

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "hour entries"
        constraints = [
            models.UniqueConstraint(
                fields=["attendance"],
                condition=models.Q(reversed_at=None),
                name="one_live_entry_per_attendance",
            ),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="entry_has_minutes"),
        ]
        indexes = [
            models.Index(fields=["person", "month"], name="entry_by_person_month"),
            models.Index(fields=["programme", "month", "person"], name="entry_by_programme_month"),
            models.Index(fields=["session"], name="entry_by_session"),
            models.Index(fields=["activity"], name="entry_by_activity"),
            models.Index(fields=["organisation", "month"], name="entry_by_employer_month"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def is_live(self) -> bool:
        return self.reversed_at is None


class PersonMonth(models.Model):
    """The stored decision for a funding line, person and month; stale when any input of it changed."""

    funding_line = models.ForeignKey(FundingLine, on_delete=models.PROTECT, related_name="person_months")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="person_months"
    )
    month = models.DateField()
    is_stale = models.BooleanField(default=True)
    stale_since = models.DateTimeField(null=True, blank=True, default=timezone.now)
    # Raised with every mark of staleness: a judgement that read older inputs does not clear it.
    marked = models.PositiveIntegerField(default=1)
    judged_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    rule_set = models.ForeignKey(RuleSet, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    problem = models.CharField(max_length=300, blank=True)
    # What the stored lines and refusals say, in short: the same decision again writes nothing.
    digest = models.CharField(max_length=64, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    refused_minutes = models.PositiveIntegerField(default=0)
    hours = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=4, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["funding_line", "person", "month"], name="one_decision_per_month")
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(is_stale=True), name="person_month_stale"),
            models.Index(fields=["funding_line", "month"], name="person_month_by_line"),
            models.Index(fields=["person", "month"], name="person_month_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.funding_line_id} {self.person_id} {self.month:%Y-%m}"


class DecisionLine(models.Model):
    """What counts: minutes, hours and money of a person-month for one organisation, category and rate."""

    person_month = models.ForeignKey(PersonMonth, on_delete=models.CASCADE, related_name="lines")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(max_length=40)
    minutes = models.PositiveIntegerField()
    hours = models.DecimalField(max_digits=10, decimal_places=4)
    per_hour = models.DecimalField(max_digits=12, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    # {entry id: counted minutes} — which ledger lines it stands on.
    entries = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_month_id} {self.hours}"


class DecisionRefusal(models.Model):
    """What does not count, and why: the reason code and the facts that explain it."""

    person_month = models.ForeignKey(PersonMonth, on_delete=models.CASCADE, related_name="refusals")
    entry = models.ForeignKey(HourEntry, on_delete=models.CASCADE, related_name="refusals")
    reason = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["reason"], name="refusal_by_reason")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.reason}"


class Statement(models.Model):
    """A person's hours of a month in all programmes, to be confirmed by her and, where asked, by her employer."""

    trail_values = ("state", "month")

    class State(models.TextChoices):
        OPEN = "open", _("Waits for the person")
        SIGNED = "signed", _("Confirmed")
        DISPUTED = "disputed", _("Something is wrong")
        VOID = "void", _("Changed since, asked again")

    code = CodeField(default=new_paper_code)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statements")
    month = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    link_version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    last_reminder_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-month", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="one_statement_per_month")]

    def __str__(self) -> str:
        return f"{self.code} {self.month:%Y-%m}"


class StatementAnswer(models.Model):
    """Right, or wrong because, for one ledger line."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="answers")
    entry = models.ForeignKey(HourEntry, on_delete=models.PROTECT, related_name="answers")
    is_right = models.BooleanField()
    because = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    # A coordinator looked and says that the line is right; the person is asked again.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "entry"], name="one_answer_per_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {'right' if self.is_right else 'wrong'}"


class Attestation(models.Model):
    """A signature under exact lines: text hash, time, method. A later change of a line voids it.

    No line stands under two live signatures of one role: who signs a line again replaces the earlier signature.
    """

    class Role(models.TextChoices):
        PERSON = "person", _("The person")
        EMPLOYER = "employer", _("The employer")

    class Method(models.TextChoices):
        LINK = "link", _("Personal link and second step")
        CODE = "code", _("Signed in with a code")
        PAPER = "paper", _("Signed on paper")

    code = CodeField(default=new_paper_code)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="attestations")
    role = models.CharField(max_length=10, choices=Role)
    # The employer's signature covers only the lines of its organisation.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # None on paper: there a hand signed, and who filed the paper stands on the evidence.
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=10, choices=Method)
    text = models.TextField()
    text_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    # {entry id: minutes} exactly as signed.
    entries = models.JSONField(default=dict)
    signed_at = models.DateTimeField(default=timezone.now)
    evidence = models.ForeignKey(
        "Evidence", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["statement", "role"], condition=models.Q(voided_at=None), name="attestation_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.role}"


class Evidence(models.Model):
    """A proof: a kind and strength, a file and its hash."""

    class Kind(models.TextChoices):
        ATTENDANCE_LIST = "attendance_list", _("Signed attendance list")
        SCAN = "scan", _("Scan, a copy of paper")
        REMOTE_LOG = "remote_log", _("Log-in list of a video meeting")
        STATEMENT = "statement", _("Signed hour statement")
        LETTER = "letter", _("Letter")
        PHOTO = "photo", _("Photo")
        OTHER = "other", _("Something else")

    code = CodeField()
    kind = models.CharField(max_length=20, choices=Kind)
    file = models.FileField(upload_to="evidence")
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, db_index=True)
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence_filed"
    )
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence_filed"
    )
    filed_at = models.DateTimeField(default=timezone.now)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.file_name


class SealedPeriod(models.Model):
    """Months of a programme that may no longer change."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sealed_periods")
    starts = models.DateField()
    ends = models.DateField()
    sealed_at = models.DateTimeField(default=timezone.now)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="sealed_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.starts}–{self.ends}"
