from samverk.activities.models.activities import (
    Activity,
    Attendance,
    Cohort,
    CompletionRuling,
    Leader,
    MarkReceived,
    Pool,
    Quota,
    Registration,
    RegistrationQuerySet,
    Session,
)
from samverk.activities.models.invitations import Invitation, InvitationQuerySet

__all__ = [
    "Activity",
    "Attendance",
    "Cohort",
    "CompletionRuling",
    "Invitation",
    "InvitationQuerySet",
    "Leader",
    "MarkReceived",
    "Pool",
    "Quota",
    "Registration",
    "RegistrationQuerySet",
    "Session",
]
