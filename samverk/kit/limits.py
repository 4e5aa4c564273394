"""How often something may be asked: counts in the shared cache, so every web process sees the same ones."""

from __future__ import annotations

import time

from django.core.cache import cache

from samverk.kit.codes import digest


def is_within(name: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more for ``who``; False once there were more than ``most`` within the current span of seconds.

    Call it outside a transaction that may be rolled back: with the database as cache, its counts would go too.
    ``who`` may be an address, so only its digest is kept.
    """
    span = int(time.time()) // seconds
    key = f"limit:{name}:{digest(who)[:32]}:{span}"
    if cache.add(key, 1, timeout=seconds):
        return most >= 1
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines: a new span begins
        cache.set(key, 1, timeout=seconds)
        return most >= 1
