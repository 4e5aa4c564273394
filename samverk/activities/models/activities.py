from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import (
    TAKES_PLACE,
    ActivityKind,
    ActivityState,
    Adjustment,
    Audience,
    Beneficiary,
    ComesAs,
    Decision,
    EvidenceKind,
    Format,
    ForWhom,
    Mark,
    RegistrationState,
    Representation,
)
from samverk.directory.choices import AffiliationRole, Sector
from samverk.directory.models import Organisation, Room, Venue
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_check_in_code, new_row_code
from samverk.people.models import SignIn
from samverk.programmes.models import Component, Programme


class Activity(models.Model):
    """What is offered: a course, a meeting, a conference, an advice case; it happens in sessions."""

    trail_values = ("state", "audience", "capacity", "kind", "completion_share")

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="activities")
    component = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind, default=ActivityKind.COURSE)
    beneficiary = models.CharField(
        _("who benefits"), max_length=12, choices=Beneficiary, default=Beneficiary.PERSON
    )
    audience = models.CharField(
        _("who may see it"), max_length=10, choices=Audience, default=Audience.PRIVATE
    )
    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.DRAFT)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    for_whom = models.CharField(_("for whom"), max_length=300, blank=True)
    take_home = models.CharField(_("what one takes home"), max_length=300, blank=True)
    themes = models.JSONField(default=list, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    access = models.CharField(_("access at the venue"), max_length=300, blank=True)
    # Values of Adjustment, in their order.
    adjustments = models.JSONField(_("adjustments offered"), default=list, blank=True)
    # The card of the house. The words above are what somebody typed, or were filled from it.
    venue_card = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    format = models.CharField(_("where people meet"), max_length=6, choices=Format, default=Format.IN_ROOM)
    online_link = models.URLField(_("link for online"), blank=True)
    # So long before the start those who have a place see the link.
    link_hours = models.PositiveSmallIntegerField(_("link shown so many hours before"), default=24)
    price = models.CharField(_("price"), max_length=100, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    capacity = models.PositiveIntegerField(_("number of places"), null=True, blank=True)
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    takes_registrations = models.BooleanField(_("takes registrations"), default=True)
    # Whoever attended at least so many percent of the planned minutes has completed it; None while nobody has said.
    completion_share = models.DecimalField(
        _("share to attend"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    # Who may come. Whoever is invited is admitted whatever the other lines say; lists that are empty ask nothing.
    only_invited = models.BooleanField(_("by invitation only"), default=False)
    only_enrolled = models.BooleanField(_("only those enrolled in the programme"), default=False)
    needs_approval = models.BooleanField(_("a coordinator approves each registration"), default=False)
    per_organisation = models.PositiveSmallIntegerField(
        _("most from one organisation"), null=True, blank=True
    )
    # Codes of samverk.directory.regions.
    regions = models.JSONField(default=list, blank=True)
    target_sectors = models.JSONField(default=list, blank=True)
    target_roles = models.JSONField(default=list, blank=True)
    # How the waiting list moves: by itself or by a coordinator's hand; given, or offered for so many hours.
    moves_by_hand = models.BooleanField(_("a coordinator moves the waiting list"), default=False)
    offer_hours = models.PositiveSmallIntegerField(_("hours to answer an offer"), null=True, blank=True)
    # Where it has groups: people choose theirs when they register, else a coordinator puts them into one.
    asks_cohort = models.BooleanField(_("people choose their group"), default=False)
    # They rank up to three instead, and a coordinator decides for all at once.
    asks_wishes = models.BooleanField(_("people rank up to three groups"), default=False)
    # First and last moment of its sessions, kept by the commands that write sessions: the calendar sorts by it.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    # Places taken, counted under the lock by the registration commands; the calendar reads it.
    places_taken = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    folded = models.TextField(editable=False, default="")

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity=None)
                | models.Q(capacity__gte=models.F("places_taken"))
                | models.Q(state="cancelled"),
                name="never_more_places_than_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(completion_share=None)
                | models.Q(completion_share__gt=0, completion_share__lte=100),
                name="completion_share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(per_organisation=None) | models.Q(per_organisation__gte=1),
                name="at_least_one_from_an_organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(offer_hours=None) | models.Q(offer_hours__gte=1),
                name="an_offer_stands_an_hour",
            ),
        ]
        indexes = [
            models.Index(fields=["audience", "state", "starts_at"], name="activity_calendar"),
            models.Index(fields=["programme", "starts_at"], name="activity_of_programme"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_full(self) -> bool:
        """No place for a participant; a role with places of its own has its own answer."""
        return self.general_pool.is_full

    @property
    def places_left(self) -> int | None:
        return self.general_pool.left

    @property
    def general_pool(self) -> Pool:
        """The places of participants, and of every role that has none of its own."""
        return Pool("", self.capacity, self.places_taken)

    @cached_property
    def quota_of(self) -> dict[str, Quota]:
        """Roles with places of their own."""
        return {quota.comes_as: quota for quota in self.quotas.all()}

    @cached_property
    def cohort_of(self) -> dict[int, Cohort]:
        """Its groups by their id, in their order."""
        return {cohort.pk: cohort for cohort in self.cohorts.all()}

    @cached_property
    def has_invitations(self) -> bool:
        return self.invitations.filter(withdrawn_at=None).exists()

    def pool_of(self, comes_as: str, cohort_id: int | None = None) -> Pool:
        """The places somebody who comes as this, in this group, draws from."""
        quota = None if comes_as == ComesAs.PARTICIPANT else self.quota_of.get(comes_as)
        if quota:
            return quota.pool
        cohort = self.cohort_of.get(cohort_id) if cohort_id else None
        return self._pool_of_cohort(cohort) if cohort else self.general_pool

    def pool_for(self, registration: Registration) -> Pool:
        """The places this registration draws from."""
        return self.pool_of(registration.comes_as, registration.cohort_id)

    def _pool_of_cohort(self, cohort: Cohort) -> Pool:
        """Places of a group end where its own do, or where those of the whole activity do."""
        ends = [] if cohort.capacity is None else [cohort.capacity]
        if (left := self.general_pool.left) is not None:
            ends.append(cohort.taken + left)
        return Pool("", min(ends, default=None), cohort.taken, cohort.pk)

    @property
    def pools(self) -> list[Pool]:
        cohorts = (self._pool_of_cohort(cohort) for cohort in self.cohort_of.values())
        return [self.general_pool, *cohorts, *(quota.pool for quota in self.quota_of.values())]

    @property
    def where(self) -> str:
        return ", ".join(part for part in (self.venue, self.place) if part)

    @property
    def adjustments_offered(self) -> list[str]:
        """In words, in the order of the list; a value nobody knows any more is left out."""
        return [str(one.label) for one in Adjustment if one.value in self.adjustments]

    @property
    def is_online(self) -> bool:
        """One can take part from elsewhere: it says so, or has a link."""
        return self.format != Format.IN_ROOM or bool(self.online_link)

    @property
    def is_in_room(self) -> bool:
        return self.format != Format.ONLINE


@dataclass(frozen=True)
class Pool:
    """Places that one waiting list waits for. ``role`` is empty for those of participants; no ``places`` is no end.

    ``cohort`` is the id of the group whose list it is; without one it is that of people in no group.
    """

    role: str
    places: int | None
    taken: int
    cohort: int | None = None

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.taken >= self.places

    @property
    def left(self) -> int | None:
        return None if self.places is None else max(0, self.places - self.taken)


class Quota(models.Model):
    """Places of their own for those who come as speakers, helpers and the like: a waiting list of their own too."""

    trail_values = ("comes_as", "places", "is_chosen")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="quotas")
    comes_as = models.CharField(_("comes as"), max_length=12, choices=ComesAs)
    places = models.PositiveIntegerField(_("number of places"))
    # Counted under the lock of the activity, like Activity.places_taken.
    taken = models.PositiveIntegerField(default=0)
    is_chosen = models.BooleanField(_("people choose it when they register"), default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "comes_as"], name="one_quota_per_role"),
            models.CheckConstraint(
                condition=models.Q(places__gte=models.F("taken")), name="never_more_than_the_quota"
            ),
            models.CheckConstraint(
                condition=~models.Q(comes_as="participant"), name="participants_have_the_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.comes_as} {self.places}"

    @property
    def pool(self) -> Pool:
        return Pool(self.comes_as, self.places, self.taken)


class Cohort(models.Model):
    """A group of an activity: its people meet in its own sessions, and in those that several groups share."""

    trail_values = ("name", "capacity")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="cohorts")
    name = models.CharField(_("name"), max_length=100)
    # For whom it is meant, or where it meets; a line beside its name.
    place = models.CharField(_("place or region"), max_length=100, blank=True)
    capacity = models.PositiveIntegerField(_("number of places"), null=True, blank=True)
    # Counted under the lock of the activity, like Activity.places_taken.
    taken = models.PositiveIntegerField(default=0)
    # First and last moment of the sessions its people come to, kept like those of the activity.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "name"], name="one_group_of_a_name"),
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(capacity__gte=models.F("taken")),
                name="never_more_than_the_group_holds",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Leader(models.Model):
    """Who leads an activity; leads its attendance too."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="leaders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leads")
    title = models.CharField(max_length=100, blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="leader_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.activity_id}"


class SessionQuerySet(models.QuerySet["Session"]):
    def of_cohort(self, cohort_id: int | None) -> SessionQuerySet:
        """Those that somebody of this group comes to: the group's own, shared ones, and those for everybody."""
        return self.filter(models.Q(cohorts=None) | models.Q(cohorts=cohort_id))


class Session(models.Model):
    """One occurrence with date and time. Everything people meet in is a session."""

    trail_values = ("starts_at", "ends_at", "planned_minutes", "state")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="sessions")
    # The groups that come; none named is everybody.
    cohorts = models.ManyToManyField(Cohort, blank=True, related_name="sessions")
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60, default="Europe/Stockholm")
    # What can be claimed at most: the end less the start less breaks.
    planned_minutes = models.PositiveIntegerField(_("minutes that count"))
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    # Where this session has a house or room of its own; its words are filled from the cards.
    venue_card = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    access = models.CharField(_("access at the venue"), max_length=300, blank=True)
    online_link = models.URLField(_("link for online"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    # People nobody named: shown, never counted as persons.
    head_count = models.PositiveIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Strongest proof that covers the whole sheet, such as a signed list that was filed.
    evidence = models.CharField(max_length=20, choices=EvidenceKind, default=EvidenceKind.FACILITATOR_MARK)
    sequence = models.PositiveIntegerField(default=0)
    needs_posting = models.BooleanField(default=False)
    # Raised with each change of its sheet: screens that watch ask for this number and for nothing else.
    sheet_version = models.PositiveIntegerField(default=0, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(planned_minutes__gte=1), name="session_has_minutes"),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="session_by_time"),
            models.Index(fields=["activity", "starts_at"], name="session_of_activity"),
            models.Index(fields=["id"], condition=models.Q(needs_posting=True), name="session_to_post"),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(self.zone)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.DONE

    @property
    def link(self) -> str:
        """Its own link, else the activity's. Who may see it, and when, is ``link_rules``' to say."""
        return self.online_link or self.activity.online_link


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def taking_places(self) -> RegistrationQuerySet:
        return self.filter(state__in=TAKES_PLACE)

    def coming_to(self, session: Session) -> RegistrationQuerySet:
        """Those whose group comes to the session."""
        cohorts = list(session.cohorts.values_list("pk", flat=True))
        return self.filter(cohort__in=cohorts) if cohorts else self


class Registration(models.Model):
    """A place, or the wish for one: keeps name, address and organisation as typed."""

    trail_values = ("state", "representation", "role", "comes_as", "decision")

    code = CodeField(default=new_row_code)
    check_in_code = models.CharField(max_length=12, unique=True, default=new_check_in_code, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="registrations")
    # A person's only after its code or link is used, or when staff or the person herself registers.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    # The request whose code confirms this registration; the last one counts.
    sign_in = models.ForeignKey(
        SignIn, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    organisation_typed = models.CharField(max_length=300, blank=True)
    for_whom = models.CharField(max_length=10, choices=ForWhom, default=ForWhom.MYSELF)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    representation = models.CharField(max_length=10, choices=Representation, default=Representation.NONE)
    role = models.CharField(max_length=10, choices=AffiliationRole, blank=True)
    # What she is in the activity; a role with places of its own has a waiting list of its own.
    comes_as = models.CharField(max_length=12, choices=ComesAs, default=ComesAs.PARTICIPANT)
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    # Ids of the groups she would like, best first.
    wishes = models.JSONField(default=list, blank=True)
    # Where she lives or works, and what kind of organisation it is, as she says; asked only where it decides.
    region = models.CharField(max_length=8, blank=True)
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    invitation = models.ForeignKey(
        "activities.Invitation", null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    note = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2, choices=Language)
    state = models.CharField(max_length=12, choices=RegistrationState)
    registered_at = models.DateTimeField(default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The order of the waiting list; kept when somebody comes back by undo.
    queued_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    # A coordinator's answer to somebody who asked to come.
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_because = models.CharField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    link_version = models.PositiveIntegerField(default=1)
    # One sending of the form is one registration, however often it arrives.
    form_key = models.UUIDField(default=uuid.uuid4, unique=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=models.Q(
                    state__in=["held", "queued_held", "confirmed", "waiting", "offered", "applied"]
                ),
                name="one_live_registration_per_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="offered") | models.Q(offered_until__isnull=False),
                name="offer_has_deadline",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None)
                | (~models.Q(decision="") & models.Q(decided_at__isnull=False)),
                name="decision_has_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | models.Q(decision="declined"),
                name="declined_by_a_decision",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(decision=""), name="applied_is_undecided"
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "state", "queued_at"], name="registration_queue"),
            models.Index(fields=["activity", "organisation"], name="registration_colleagues"),
            models.Index(
                fields=["held_until"],
                condition=models.Q(state__in=["held", "queued_held"]),
                name="registration_held",
            ),
            models.Index(
                fields=["offered_until"], condition=models.Q(state="offered"), name="registration_offered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name(self) -> str:
        return str(self)

    @property
    def starts_at(self) -> datetime | None:
        """When her first session begins."""
        return self.cohort.starts_at if self.cohort else self.activity.starts_at

    @property
    def ends_at(self) -> datetime | None:
        return self.cohort.ends_at if self.cohort else self.activity.ends_at


class Attendance(models.Model):
    """A row of a session's sheet: expected from the start, not marked until somebody looks."""

    trail_values = ("mark", "representation", "role")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    # A walk-in's name as heard at the door, until a person is found or made.
    name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    organisation_typed = models.CharField(max_length=300, blank=True)
    representation = models.CharField(max_length=10, choices=Representation, default=Representation.NONE)
    role = models.CharField(max_length=10, choices=AffiliationRole, blank=True)
    is_walk_in = models.BooleanField(default=False)
    is_leader = models.BooleanField(default=False)
    mark = models.CharField(max_length=6, choices=Mark, default=Mark.NOT_MARKED)
    # Only for a part: when the stay began and ended. Whole sessions take the session's own times.
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    # Minutes between the two when she was away, as a log-in list knows them; the stays themselves, [from, to] in UTC.
    away_minutes = models.PositiveIntegerField(default=0)
    stays = models.JSONField(default=list, blank=True)
    evidence = models.CharField(max_length=20, choices=EvidenceKind, default=EvidenceKind.FACILITATOR_MARK)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Two devices marked differently and nobody has decided yet.
    is_disputed = models.BooleanField(default=False)
    sort_key = models.CharField(max_length=200, default="", editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=models.Q(person__isnull=False),
                name="one_row_per_person_and_session",
            ),
            models.UniqueConstraint(
                fields=["session", "registration"],
                condition=models.Q(registration__isnull=False),
                name="one_row_per_registration_and_session",
            ),
            models.CheckConstraint(
                condition=~models.Q(mark="part")
                | models.Q(came_at__isnull=False, left_at__isnull=False, left_at__gt=models.F("came_at")),
                name="part_has_from_and_to",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="attendance_of_person")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.mark}"

    @property
    def was_here(self) -> bool:
        return self.mark in (Mark.HERE, Mark.PART)


class MarkReceived(models.Model):
    """A tap of a phone, taken once by its own id, also when it was sent twice or arrived late."""

    id = models.UUIDField(primary_key=True)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="marks")
    mark = models.CharField(max_length=6, choices=Mark)
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    away_minutes = models.PositiveIntegerField(default=0)
    stays = models.JSONField(default=list, blank=True)
    tapped_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    evidence = models.CharField(max_length=20, choices=EvidenceKind, default=EvidenceKind.FACILITATOR_MARK)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["received_at"]

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.mark}"


class CompletionRuling(models.Model):
    """A coordinator says, with a reason, that somebody has completed an activity, or has not, whatever the minutes say."""

    trail_values = ("completes",)

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="completion_rulings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Somebody who shares a mailbox and has not said yet which person she is.
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    completes = models.BooleanField()
    because = models.CharField(max_length=300)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ruled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=models.Q(person__isnull=False),
                name="one_ruling_per_person",
            ),
            models.UniqueConstraint(
                fields=["activity", "registration"],
                condition=models.Q(registration__isnull=False),
                name="one_ruling_per_registration",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, registration__isnull=False)
                | models.Q(person__isnull=False, registration__isnull=True),
                name="ruling_about_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.completes}"
