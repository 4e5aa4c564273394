from __future__ import annotations

from datetime import datetime

from samverk.activities.models import Activity, Registration
from samverk.adjustments.models import AdjustmentRequest


def request_of(registration: Registration) -> AdjustmentRequest | None:
    """What the holder of this place has asked for; no query where nothing was ever offered."""
    if not registration.activity.adjustments:
        return None
    return AdjustmentRequest.objects.filter(registration=registration).first()


def is_over(activity: Activity, now: datetime) -> bool:
    return activity.ends_at is None or activity.ends_at <= now
