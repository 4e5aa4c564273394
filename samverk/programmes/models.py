from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.directory.models import DatedQuerySet, Organisation
from samverk.kit.choices import Country, Language
from samverk.kit.codes import CodeField
from samverk.programmes.choices import PartnerKind, SeatRole


class Programme(models.Model):
    """A funded undertaking with a period, a region and goals."""

    trail_values = ("code", "starts", "ends", "currency")

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    goals = models.JSONField(_("goals"), default=list, blank=True)
    language = models.CharField(_("language of the texts"), max_length=2, choices=Language)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))
    region = models.CharField(_("region"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    time_zone = models.CharField(max_length=60, default="Europe/Stockholm")
    currency = models.CharField(_("currency"), max_length=3, default="SEK")
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    support = models.DecimalField(_("support"), max_digits=14, decimal_places=2, null=True, blank=True)
    funder_information = models.TextField(_("information line of the funder"), blank=True)
    report_name = models.CharField(_("what the report is called"), max_length=60, blank=True)
    # What the programme published of itself: [{"text", "value", "unit", "about"}]; never mixed with counted figures.
    published_results = models.JSONField(default=list, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)

    class Meta:
        ordering = ["-starts", "code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="programme_period"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def scope(self) -> str:
        """The scope under which the trail and the post keep what happens in this programme."""
        return f"programme:{self.code}"

    @property
    def co_financing(self):
        """What must be proven beside the support, or None where either is not known."""
        if self.budget is None or self.support is None:
            return None
        return self.budget - self.support


class Component(models.Model):
    """A part of a programme to which activities and their hours belong."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="components")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="component_code")]

    def __str__(self) -> str:
        return self.name


class PartnerRole(models.Model):
    """What an organisation is in a programme; one organisation may be several things."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="partner_roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partner_roles")
    kind = models.CharField(max_length=20, choices=PartnerKind)
    note = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation", "kind"], name="partner_kind_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class FunderMark(models.Model):
    """A funder's logo for public pages, sheets and reports of a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="funder_marks")
    picture = models.FileField(upload_to="marks")
    words = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.words


class TeamSeat(models.Model):
    """The frame of rights: a person's dated seat in a programme's team."""

    trail_values = ("role",)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=12, choices=SeatRole)
    # Partner's staff: the organisation they come from.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sees_protected = models.BooleanField(default=False)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "role"], name="one_seat_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.programme_id}"


class RuleSet(models.Model):
    """Conditions of money as dated data: the document is what samverk.reckoning reads."""

    code = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    document = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    how_sure = models.CharField(max_length=200, blank=True)
    shipped = models.BooleanField(default=False)

    class Meta:
        ordering = ["code", "version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rule_set_version")]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class FundingLine(models.Model):
    """Money with conditions, of one programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="funding_lines")
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    funder = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # The co-financing this line must prove; None where no hours are proven.
    to_prove = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    def rule_set_on(self, day: date) -> RuleSet | None:
        """The rule set in force for this line on a day."""
        for rules in self.line_rules.all():
            if rules.valid_from <= day and (rules.valid_to is None or day <= rules.valid_to):
                return rules.rule_set
        return None


class LineRules(models.Model):
    """Which rule set a funding line follows, and when."""

    funding_line = models.ForeignKey(FundingLine, on_delete=models.PROTECT, related_name="line_rules")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="line_rules")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return f"{self.funding_line_id} {self.rule_set_id}"


class Enrolment(models.Model):
    """An organisation, or a person directly or through an organisation, takes part in a programme."""

    trail_values = ("starts", "ends")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enrolments")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    enrolled_at = models.DateTimeField(default=timezone.now)
    ended_because = models.CharField(max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | models.Q(person__isnull=False),
                name="enrolment_of_somebody",
            ),
            models.UniqueConstraint(
                models.F("programme"),
                # SQLite holds two NULLs for different; nobody has the number 0.
                Coalesce("organisation", 0),
                Coalesce("person", 0),
                condition=models.Q(ends=None),
                name="one_open_enrolment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.organisation_id or self.person_id}"


class SavedView(models.Model):
    """A list with its search, filter, sort and columns under a name: one's own, or shared with a team."""

    code = CodeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    # Where shared: everybody with a seat in this programme sees it.
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # The list's address name, such as office:organisations.
    list_name = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "list_name", "name"], name="saved_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name
