"""Reads of activities, sessions and registrations for screens, mails and the doctor."""

from samverk.activities.queries.calendar import (
    IN_ROOM,
    ONLINE,
    CalendarChoices,
    CalendarWish,
    calendar_choices,
    calendar_sessions,
    ids_with_theme,
    places_sentence,
    sessions_between,
    waiting_counts,
    with_places_left,
)
from samverk.activities.queries.faults import (
    holds_over,
    is_a_hold_over,
    is_an_offer_over,
    offers_over,
    registration_faults,
)
from samverk.activities.queries.organisations import (
    first_year_of_attendance,
    organisation_named,
    organisation_suggestions,
    organisations_present,
)
from samverk.activities.queries.own import (
    activities_of_person,
    claims_on,
    organisations_to_come_for,
    own_registration,
    registrations_of_person,
)
from samverk.activities.queries.registrations import TABS, Tab, registration_tabs, registrations_of
from samverk.activities.queries.standing import Status, queue_number, status_of, waiting_count, waiting_in

__all__ = [
    "CalendarChoices",
    "CalendarWish",
    "IN_ROOM",
    "ONLINE",
    "Status",
    "TABS",
    "Tab",
    "activities_of_person",
    "calendar_choices",
    "calendar_sessions",
    "claims_on",
    "first_year_of_attendance",
    "holds_over",
    "ids_with_theme",
    "is_a_hold_over",
    "is_an_offer_over",
    "offers_over",
    "organisation_named",
    "organisation_suggestions",
    "organisations_present",
    "organisations_to_come_for",
    "own_registration",
    "places_sentence",
    "queue_number",
    "registration_faults",
    "registration_tabs",
    "registrations_of",
    "registrations_of_person",
    "sessions_between",
    "status_of",
    "waiting_count",
    "waiting_counts",
    "waiting_in",
    "with_places_left",
]
