from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection

from samverk.trail import limits
from samverk.trail.models import LimitCount

MINUTE = 1_800_000_000.0


@pytest.fixture(autouse=True)
def _one_and_the_same_minute(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: MINUTE)


@pytest.mark.django_db
def test_each_asker_and_each_span_has_a_count_of_its_own(monkeypatch):
    asked = [limits.is_within("door", "192.0.2.7", most=2, seconds=60) for _one in range(3)]
    assert asked == [True, True, False]
    assert limits.is_within("door", "192.0.2.8", most=2, seconds=60)
    assert limits.is_within("window", "192.0.2.7", most=2, seconds=60)
    monkeypatch.setattr(limits.time, "time", lambda: MINUTE + 60)
    assert limits.is_within("door", "192.0.2.7", most=2, seconds=60)
    assert "192.0.2.7" not in str(list(LimitCount.objects.values()))


@pytest.mark.django_db
def test_counts_of_spans_that_are_over_are_forgotten():
    limits.is_within("door", "192.0.2.7", most=2, seconds=60)
    limits.is_within("day", "192.0.2.7", most=2, seconds=24 * 3600)
    assert limits.forget_old_counts(datetime.fromtimestamp(MINUTE + 120, UTC)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_that_ask_at_once_neither_is_lost():
    def ask():
        for _one in range(20):
            limits.is_within("door", "192.0.2.7", most=1000, seconds=60)
        connection.close()

    crowd = [Thread(target=ask) for _one in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert LimitCount.objects.get().number == 80
