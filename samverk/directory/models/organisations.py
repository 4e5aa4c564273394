from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import AffiliationRole, MandateScope, Sector, Size
from samverk.directory.identifiers import SCHEMES, normalise
from samverk.directory.likeness import like_key, name_key
from samverk.kit.choices import Country, Language
from samverk.kit.codes import CodeField
from samverk.kit.fold import fold, sort_key


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def alive(self) -> OrganisationQuerySet:
        """Without the merged, the archived, and those of an import that is not finished."""
        return self.filter(merged_into=None, archived_at=None, is_hidden=False)

    def public(self) -> OrganisationQuerySet:
        return self.alive().filter(is_public=True)


class Organisation(models.Model):
    """An association, foundation, enterprise, public body, company, school or informal group."""

    trail_values = ("sector", "is_public", "country")

    code = CodeField()
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.ASSOCIATION)
    legal_form = models.CharField(_("legal form"), max_length=120, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=Size, blank=True, default="")
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    municipality_code = models.CharField(max_length=10, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country, default=Country.SWEDEN)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    web = models.URLField(_("web address"), blank=True)
    themes = models.JSONField(_("themes"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(_("language of the text"), max_length=2, choices=Language, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    # Rows of an import stay hidden until its last batch is in.
    is_hidden = models.BooleanField(default=False, editable=False)
    imported_in = models.ForeignKey(
        "Import", null=True, blank=True, on_delete=models.PROTECT, related_name="created"
    )
    # What the last import wrote, by field: a value that differs now was edited by hand.
    imported_values = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbed",
        # Nearly all rows hold nothing here: an index of those would only mislead.
        db_index=False,
    )
    sort_key = models.CharField(max_length=200, editable=False, default="")
    folded = models.TextField(editable=False, default="")
    # The name without case, marks and signs; and what is left of it when it is misspelt. For finding duplicates.
    name_key = models.CharField(max_length=300, editable=False, default="")
    like_key = models.CharField(max_length=120, editable=False, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="organisation_has_name")]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="organisation_sorted"),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="organisation_merged",
            ),
            models.Index(fields=["imported_in"], name="organisation_by_import"),
            models.Index(fields=["name_key"], name="organisation_by_name"),
            models.Index(fields=["like_key"], name="organisation_by_likeness"),
        ]

    def __str__(self) -> str:
        return self.name

    def write_keys(self) -> None:
        """Set what search and sorting read; called by every command and import that writes."""
        self.sort_key = sort_key(self.name, settings.LANGUAGE_CODE)
        self.folded = fold(" ".join([self.name, self.short_name, self.place, *map(str, self.themes)]))
        self.name_key, self.like_key = name_key(self.name), like_key(self.name)


class Identifier(models.Model):
    """A number of an organisation in a register: as typed, normalised, and how and when it was checked."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    typed = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=60, blank=True, db_index=True)
    is_valid = models.BooleanField(default=False)
    # A sole trader's personal number stands here sometimes; it is never shown to the public.
    is_personal = models.BooleanField(default=False)
    missing_because = models.CharField(max_length=200, blank=True)
    checked_how = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme"], name="one_number_per_scheme_and_organisation"
            ),
        ]
        indexes = [models.Index(fields=["scheme", "value"], name="identifier_by_value")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value or self.missing_because}"

    @property
    def scheme_name(self) -> str:
        known = SCHEMES.get(self.scheme)
        return str(known.name) if known else self.scheme

    @property
    def problem_words(self) -> str:
        """What is wrong or was changed, in the reader's language."""
        found = normalise(self.scheme, self.typed) if self.typed else None
        return str(found.problem or found.note or "") if found else ""


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> DatedQuerySet:
        """Those in force on a day; both ends are inclusive and may be open."""
        started = models.Q(starts=None) | models.Q(starts__lte=day)
        return self.filter(started, models.Q(ends=None) | models.Q(ends__gte=day))


class Affiliation(models.Model):
    """Dated role of a person in an organisation. It ends; it is never deleted."""

    trail_values = ("role",)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affiliations"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=10, choices=AffiliationRole)
    title = models.CharField(max_length=120, blank=True)
    # Share of full time, for caps of paid hours; 1 where nobody said otherwise.
    contract_share = models.DecimalField(max_digits=4, decimal_places=3, default=1)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    # A claim counts for nothing until a mandated person or a coordinator confirms it.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts=None)
                | models.Q(ends=None)
                | models.Q(ends__gte=models.F("starts")),
                name="affiliation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(contract_share__gt=0, contract_share__lte=1), name="affiliation_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"


class Mandate(models.Model):
    """Dated right of a person to act for an organisation, within scopes."""

    trail_values = ("scopes",)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates")
    scopes = models.JSONField(default=list)
    is_deputy = models.BooleanField(default=False)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(default=timezone.now)

    objects = DatedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person_id} for {self.organisation_id}"

    def allows(self, scope: MandateScope) -> bool:
        return scope in self.scopes

    @property
    def scope_names(self) -> list[str]:
        return [str(MandateScope(scope).label) for scope in self.scopes]


class Import(models.Model):
    """One file of organisations taken in: all or nothing, by number, undone as one for seven days."""

    class State(models.TextChoices):
        READ = "read", _("Read, not checked")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, waits for you")
        WRITING = "writing", _("Being written")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    code = CodeField()
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.READ)
    # Encoding, delimiter, sheet, header row, mapping, and the person's corrections of the guess.
    options = models.JSONField(default=dict)
    # One answer for each kind of doubt: {"same_name_other_place": "new", …}.
    decisions = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.code}"


class ImportedChange(models.Model):
    """What an import changed on an organisation that was there before: the values to put back at undo."""

    imported_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["imported_in", "organisation"], name="one_change_per_import")
        ]

    def __str__(self) -> str:
        return f"{self.imported_in_id} {self.organisation_id}"


class Merge(models.Model):
    """Two rows that were one thing, joined: what moved, so that it can be taken apart for seven days."""

    code = CodeField()
    kind = models.CharField(
        max_length=20, choices=[("person", _("Person")), ("organisation", _("Organisation"))]
    )
    survivor_id = models.BigIntegerField()
    absorbed_id = models.BigIntegerField()
    # {"app.Model.field": [ids that moved]} and the survivor's values before.
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.absorbed_id} into {self.survivor_id}"


class DoubtfulPair(models.Model):
    """Two rows that may be one thing, and why; somebody decides once."""

    class Answer(models.TextChoices):
        OPEN = "open", _("Not decided")
        DIFFERENT = "different", _("Two different ones")
        MERGED = "merged", _("Merged")

    kind = models.CharField(max_length=20)
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    reasons = models.JSONField(default=list)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "first_id", "second_id"], name="one_row_per_pair"),
            models.CheckConstraint(
                condition=models.Q(first_id__lt=models.F("second_id")), name="pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id} {self.second_id}"
