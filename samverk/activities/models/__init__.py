from samverk.activities.models.activities import (
    Activity,
    Attendance,
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
