"""Kinds and states of activities, registrations and attendance."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    COURSE = "course", _("Course")
    WORKSHOP = "workshop", _("Workshop")
    MEETING = "meeting", _("Meeting")
    CONFERENCE = "conference", _("Conference")
    NETWORK = "network", _("Network meeting")
    STUDY_VISIT = "study_visit", _("Study visit")
    ADVICE = "advice", _("Advice")
    MENTORING = "mentoring", _("Mentoring")
    GROUP_MEETING = "group_meeting", _("Meeting of a working group")


class Audience(models.TextChoices):
    PRIVATE = "private", _("Only the team and those invited")
    MEMBERS = "members", _("Those who are registered or on the roster")
    PROGRAMME = "programme", _("Everybody enrolled in the programme")
    PUBLIC = "public", _("Everybody")


class ActivityState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")


class Format(models.TextChoices):
    """Where people meet. Online has a link, which only those with a place get, shortly before."""

    IN_ROOM = "room", _("In a room")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In a room and online")


class Beneficiary(models.TextChoices):
    PERSON = "person", _("The person")
    ORGANISATION = "organisation", _("The organisation")


class RegistrationState(models.TextChoices):
    HELD = "held", _("Place held until confirmed")
    QUEUED_HELD = "queued_held", _("Waits or asks to come when confirmed")
    CONFIRMED = "confirmed", _("Has a place")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Is offered a place")
    APPLIED = "applied", _("Asks to come")
    DECLINED = "declined", _("Is not admitted")
    CANCELLED = "cancelled", _("Gave up the place")
    EXPIRED = "expired", _("Not confirmed in time")


# States that take a place.
TAKES_PLACE = (RegistrationState.HELD, RegistrationState.CONFIRMED, RegistrationState.OFFERED)
LIVE = (*TAKES_PLACE, RegistrationState.QUEUED_HELD, RegistrationState.WAITING, RegistrationState.APPLIED)


class ComesAs(models.TextChoices):
    """What somebody is in an activity. Whoever is two of them has one registration, as what she does first."""

    PARTICIPANT = "participant", _("Participant")
    SPEAKER = "speaker", _("Speaker")
    MODERATOR = "moderator", _("Moderator")
    HELPER = "helper", _("Helper")
    INTERPRETER = "interpreter", _("Interpreter")
    GUEST = "guest", _("Guest")


class Decision(models.TextChoices):
    """A coordinator's answer to somebody who asks to come."""

    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Adjustment(models.TextChoices):
    """What makes it possible for more people to take part; an activity says which it offers."""

    SIGN_LANGUAGE = "sign_language", _("Sign language")
    CAPTIONS = "captions", _("Captions, written as people speak")
    EASY_TO_READ = "easy_to_read", _("Easy to read")
    LARGE_PRINT = "large_print", _("Large print")
    CHILDCARE = "childcare", _("Childcare")
    ASSISTANT = "assistant", _("Somebody who helps you")


class ForWhom(models.TextChoices):
    MYSELF = "myself", _("For myself")
    KNOWN = "known", _("For an organisation I am known in")
    OTHER = "other", _("For another organisation")
    COLLEAGUE = "colleague", _("For a colleague")


class Representation(models.TextChoices):
    """Whether somebody stands for an organisation. Only confirmed counts for organisations and money."""

    NONE = "none", _("For herself or himself")
    CLAIMED = "claimed", _("Says to stand for the organisation")
    CONFIRMED = "confirmed", _("Stands for the organisation")


class Mark(models.TextChoices):
    NOT_MARKED = "none", _("Not marked")
    HERE = "here", _("Here")
    PART = "part", _("Here for a part")
    ABSENT = "absent", _("Absent")


class EvidenceKind(models.TextChoices):
    """From weak to strong, as samverk.reckoning orders them."""

    HEAD_COUNT = "head_count", _("Head count")
    SELF_CLAIM = "self_claim", _("Own claim")
    SELF_CHECK_IN = "self_check_in", _("Own check-in")
    FACILITATOR_MARK = "facilitator_mark", _("Marked by the leader")
    STAFF_SCAN = "staff_scan", _("Scanned by staff")
    LOGIN_LOG = "login_log", _("Log-in list")
    SCANNED_LIST = "scanned_list", _("Scanned list")
    SIGNED_LIST = "signed_list", _("Signed list")
