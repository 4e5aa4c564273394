"""An activity in the words of schema.org, for search engines and calendars of the town."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from samverk.activities.choices import ActivityState
from samverk.activities.models import Activity, Session

# As django.utils.html.json_script: nothing in the data can end the element or begin a comment.
_ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def event_data(activity: Activity, sessions: list[Session], request: HttpRequest) -> SafeString:
    """JSON-LD of an Event; empty while no session has a date."""
    if not sessions:
        return mark_safe("")
    state = "EventCancelled" if activity.state == ActivityState.CANCELLED else "EventScheduled"
    event: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": activity.title,
        "startDate": sessions[0].starts_local.isoformat(timespec="minutes"),
        "endDate": sessions[-1].ends_local.isoformat(timespec="minutes"),
        "eventStatus": f"https://schema.org/{state}",
        "eventAttendanceMode": f"https://schema.org/{_mode(activity)}",
        "location": _locations(activity, request),
        "inLanguage": activity.language,
        "url": request.build_absolute_uri(request.path),
        "organizer": {"@type": "Organization", "name": activity.programme.name},
    }
    if activity.summary:
        event["description"] = activity.summary
    if len(sessions) > 1:
        event["subEvent"] = [_session(activity, one) for one in sessions]
    if activity.capacity is not None:
        event["maximumAttendeeCapacity"] = activity.capacity
    return mark_safe(json.dumps(event, ensure_ascii=False).translate(_ESCAPED))


def _mode(activity: Activity) -> str:
    if activity.is_online:
        return (
            "MixedEventAttendanceMode"
            if activity.venue and activity.is_in_room
            else "OnlineEventAttendanceMode"
        )
    return "OfflineEventAttendanceMode"


def _locations(activity: Activity, request: HttpRequest) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    if activity.is_in_room and (activity.venue or activity.place):
        address = {
            "@type": "PostalAddress",
            "streetAddress": activity.address,
            "addressLocality": activity.place,
        }
        places.append({"@type": "Place", "name": activity.venue or activity.place, "address": address})
    if activity.is_online or not places:
        # The link itself is for those who have a place.
        places.append({"@type": "VirtualLocation", "url": request.build_absolute_uri(request.path)})
    return places


def _session(activity: Activity, session: Session) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": session.title or activity.title,
        "startDate": session.starts_local.isoformat(timespec="minutes"),
        "endDate": session.ends_local.isoformat(timespec="minutes"),
    }
