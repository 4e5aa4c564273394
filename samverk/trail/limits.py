"""How often something may be asked: one count a span in a table, so every web process sees the same ones."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import connection
from django.utils import timezone

from samverk.kit.codes import digest
from samverk.trail.models import LimitCount

# One statement that two processes may send at once: neither count is lost.
_COUNT_ONE_MORE = """
INSERT INTO "trail_limitcount" (key, span_ends, number) VALUES (%s, %s, 1)
ON CONFLICT (key, span_ends) DO UPDATE SET number = "trail_limitcount".number + 1
RETURNING number
"""


def is_within(name: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more for ``who``; False once there were more than ``most`` within the current span of seconds.

    Call it outside a transaction that may be rolled back: its counts would go, too.
    ``who`` may be an address, so only its digest is kept.
    """
    ends = (int(time.time()) // seconds + 1) * seconds
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE_MORE, [digest(f"{name}:{seconds}:{who}")[:32], ends])
        (number,) = cursor.fetchone()
    return number <= most


def forget_old_counts(now: datetime | None = None) -> int:
    """Counts of spans that are over. A duty of the worker."""
    moment = int((now or timezone.now()).timestamp())
    return LimitCount.objects.filter(span_ends__lt=moment).delete()[0]
