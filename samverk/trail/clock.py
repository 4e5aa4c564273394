"""The clock of the worker: runs the duties that apps registered, each by one worker at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.db.models import Q
from django.utils import timezone

from samverk.kit.duties import Duty
from samverk.kit.registers import duties
from samverk.trail.models import ClockRun

# Two workers, or two runs, never start at exactly the same fraction of a second.
SLACK = timedelta(milliseconds=200)
# Duties asked for this often must not stand behind long ones: mail with a code waits for nobody.
OFTEN_SECONDS = 15
REST_SECONDS = 1.0
REST_AFTER_FAULT_SECONDS = 5.0

log = logging.getLogger("samverk.clock")


def take(duty: Duty) -> bool:
    """Lease a duty: true for one worker only, and only when its time has come again."""
    now = timezone.now()
    ClockRun.objects.get_or_create(duty=duty.name)
    is_free = Q(leased_until=None) | Q(leased_until__lt=now)
    is_time = Q(last_started=None) | Q(last_started__lte=now - timedelta(seconds=duty.every_seconds) + SLACK)
    taken = ClockRun.objects.filter(is_free, is_time, duty=duty.name)
    return taken.update(last_started=now, leased_until=now + timedelta(seconds=duty.lease_seconds)) == 1


def give_back(duty: Duty, error: str = "") -> None:
    ClockRun.objects.filter(duty=duty.name).update(
        last_finished=timezone.now(), leased_until=None, last_error=error
    )


def run(duty: Duty) -> bool:
    """Run a duty if it is needed, if its time has come and if nobody else is at it; says whether it ran."""
    if duty.is_needed is not None and not duty.is_needed():
        return False
    if not take(duty):
        return False
    started = time.perf_counter()
    try:
        duty.run()
    except Exception as problem:
        log.exception("duty failed", extra={"duty": duty.name})
        if isinstance(problem, OperationalError | InterfaceError):
            connections.close_all()  # where the database is really gone, the next line says so and the lease runs out
        give_back(duty, f"{type(problem).__name__}: {problem}"[:1000])
        return True
    give_back(duty)
    log.debug("duty done", extra={"duty": duty.name, "ms": round((time.perf_counter() - started) * 1000)})
    return True


def run_due(wanted: Iterable[Duty] | None = None) -> int:
    """Run everything whose time has come, once; says how many duties ran."""
    chosen = wanted if wanted is not None else [duty for _name, duty in duties]
    return sum(run(duty) for duty in chosen)


def run_until(stop: threading.Event, is_orphan: Callable[[], bool] = lambda: False) -> None:
    """The worker: two lanes, one for duties that come often and one for the rest, until ``stop`` is set."""
    everything = [duty for _name, duty in duties]
    often = [duty for duty in everything if duty.every_seconds <= OFTEN_SECONDS]
    rest = [duty for duty in everything if duty.every_seconds > OFTEN_SECONDS]
    lane = threading.Thread(target=_lane, args=(rest, stop), name="rest", daemon=True)
    lane.start()
    _lane(often, stop, is_orphan)
    lane.join(timeout=30)


def _lane(lane: list[Duty], stop: threading.Event, is_orphan: Callable[[], bool] = lambda: False) -> None:
    """Ask each duty when its time may have come; a lost database is asked for again until it is there."""
    due = {duty.name: 0.0 for duty in lane}
    while not stop.is_set():
        pause = REST_SECONDS
        try:
            close_old_connections()
            _turn(lane, due, stop)
        except (OperationalError, InterfaceError) as problem:
            log.warning("database not reached", extra={"problem": str(problem)[:300]})
            connections.close_all()
            pause = REST_AFTER_FAULT_SECONDS
        except Exception:  # a lane that ends would end in silence
            log.exception("clock stumbled")
            pause = REST_AFTER_FAULT_SECONDS
        if is_orphan():
            stop.set()
        stop.wait(pause)
    connections.close_all()


def _turn(lane: list[Duty], due: dict[str, float], stop: threading.Event) -> None:
    for duty in lane:
        if stop.is_set():
            return
        if time.monotonic() < due[duty.name]:
            continue
        # Also when another worker has it: then it is that worker's for this while.
        due[duty.name] = time.monotonic() + _next_look(duty)
        run(duty)


def _next_look(duty: Duty) -> float:
    """Long spans are looked at often enough that a restart does not put a daily duty off for a day."""
    return min(float(duty.every_seconds), 60.0)
