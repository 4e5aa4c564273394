from samverk.activities.models.activities import (
    Activity,
    Attendance,
    CompletionRuling,
    Leader,
    MarkReceived,
    Registration,
    RegistrationQuerySet,
    Session,
)

__all__ = [
    "Activity",
    "Attendance",
    "CompletionRuling",
    "Leader",
    "MarkReceived",
    "Registration",
    "RegistrationQuerySet",
    "Session",
]
