"""Several processes at the same database file or server: the race for places, and power cuts in the middle of acts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from benchmarks.race import Outcome, finish, make_activity, outcome_of, start_step
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import confirm_registration
from samverk.activities.commands.waiting_list import release_held
from samverk.activities.models import Activity, Attendance, Registration
from samverk.activities.queries import registration_faults
from samverk.post.models import Mail
from tests.activities.places import BY_LINK, an_activity, ask, come, set_clock, state_of, taken

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = -signal.SIGKILL


@pytest.fixture
def same_database() -> dict[str, str]:
    """The environment in which another process works on this test's database."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SAMVERK_TEST")}
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        environ["DATABASE_URL"] = f"sqlite:///{quote(str(chosen['NAME']))}"
    else:
        user = f"{quote(chosen['USER'])}:{quote(chosen['PASSWORD'])}@" if chosen["USER"] else ""
        place = f"?host={quote(chosen['HOST'])}" if chosen["HOST"] else ""
        port = f"localhost:{chosen['PORT']}" if chosen["PORT"] else ""
        environ["DATABASE_URL"] = f"postgresql://{user}{port}/{chosen['NAME']}{place}"
    environ["DJANGO_SETTINGS_MODULE"] = "samverk.config.settings"
    return environ


@pytest.mark.parametrize(("people", "places"), [(48, 40), (20, 3)])
def test_four_processes_race_and_exactly_the_places_are_taken(people, places, same_database):
    code = make_activity(places)
    share = people // 4
    runners = [start_step("run", code, share * number, share, environ=same_database) for number in range(4)]
    for runner in runners:
        finish(runner)
    assert outcome_of(code) == Outcome(places, people - places, people, people, places, places, [])


def act_and_die(at: str, script: str, environ: dict[str, str]) -> None:
    """Do something in a process that is killed -9 at a named point."""
    whole = f"import django; django.setup()\nfrom tests.activities.places import *\n{script}"
    died = subprocess.run([sys.executable, "-c", whole], env=environ | {"SAMVERK_TEST_KILL_AT": at})
    assert died.returncode == KILLED, "it was to die, and did not come to the point"


def test_killed_while_registering_leaves_nothing_behind(same_database):
    activity = an_activity(2)
    act_and_die(
        "registration.before_commit",
        f"from samverk.activities.models import Activity; ask(Activity.objects.get(pk={activity.pk}))",
        same_database,
    )
    assert not Registration.objects.exists() and not Mail.objects.exists()
    assert taken(activity) == 0 and registration_faults() == []
    assert come(activity).state == State.CONFIRMED


def test_killed_while_confirming_keeps_the_place_held(same_database):
    activity = an_activity(2)
    held = ask(activity)
    act_and_die(
        "confirmation.before_commit",
        "from samverk.activities.commands.registrations import confirm_registration\n"
        f"from samverk.activities.models import Registration\n"
        f"confirm_registration(Registration.objects.get(pk={held.pk}), by=BY_LINK)",
        same_database,
    )
    assert state_of(held) == State.HELD and not Attendance.objects.exists()
    assert confirm_registration(held, by=BY_LINK).state == State.CONFIRMED
    assert registration_faults() == []


def test_killed_while_the_queue_moves_moves_it_whole_or_not_at_all(same_database):
    activity = an_activity(1)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    act_and_die(
        "waiting_list.before_commit",
        "from samverk.activities.commands.registrations import cancel_registration\n"
        f"from samverk.activities.models import Registration\n"
        f"cancel_registration(Registration.objects.get(pk={first.pk}), by=BY_LINK)",
        same_database,
    )
    assert (state_of(first), state_of(second)) == (State.CONFIRMED, State.WAITING)
    assert taken(activity) == 1 and registration_faults() == []


def test_killed_while_the_clock_releases_is_done_by_the_next_run(same_database):
    activity = an_activity(1)
    held, second = ask(activity, "Anna"), come(activity, "Bo")
    set_clock(held, held_until=timezone.now() - timedelta(minutes=20))
    act_and_die(
        "release.before_commit",
        "from samverk.activities.commands.waiting_list import release_held; release_held()",
        same_database,
    )
    assert (state_of(held), state_of(second)) == (State.HELD, State.WAITING)
    assert release_held() == 1
    assert (state_of(held), state_of(second)) == (State.EXPIRED, State.CONFIRMED)
    assert registration_faults() == [] and Activity.objects.get(pk=activity.pk).places_taken == 1
