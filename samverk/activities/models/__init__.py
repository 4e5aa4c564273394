from samverk.activities.models.activities import Activity, Leader, Session
from samverk.activities.models.attendance import Attendance, CompletionRuling, MarkReceived
from samverk.activities.models.registrations import Registration, RegistrationQuerySet

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
