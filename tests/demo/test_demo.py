"""The demo runs on nothing but example data, and its facts hold together."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from samverk.demo.cast import CHARACTERS
from samverk.demo.fill import tonight_at
from samverk.demo.guard import MARK, refuse_unmarked
from samverk.demo.history import facts
from samverk.trail.models import Mark

ROOT = Path(__file__).resolve().parents[2]
PROGRAMMES = ["kcm", "razem", "radom", "rowes", "sas"]


def test_the_demo_is_not_installed_unless_the_setting_says_so():
    assert settings.SAMVERK_DEMO is False
    assert "samverk.demo" not in settings.INSTALLED_APPS


@pytest.mark.django_db
def test_an_unmarked_database_is_refused_and_a_marked_one_is_not():
    with pytest.raises(ImproperlyConfigured, match="SAMVERK_DEMO"):
        refuse_unmarked()
    Mark.objects.create(name=MARK)
    refuse_unmarked()


@pytest.mark.sqlite
def test_the_web_server_does_not_start_with_the_demo_on_a_real_database(bare_folder):
    environment = {
        "PATH": os.environ["PATH"],
        "SAMVERK_DATA": str(bare_folder),
        "DJANGO_SETTINGS_MODULE": "samverk.config.settings",
    }
    start = [sys.executable, "-c", "import samverk.config.wsgi"]
    refused = subprocess.run(
        start, cwd=ROOT, env=environment | {"SAMVERK_DEMO": "yes"}, capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert "SAMVERK_DEMO" in refused.stderr
    assert subprocess.run(start, cwd=ROOT, env=environment, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_reference_of_a_facts_file_resolves(name):
    known = facts(name)
    organisations = {row["id"] for row in known.get("organisation", [])}
    parts = {row["code"] for row in known.get("component", [])}
    assert {row["organisation"] for row in known.get("role", [])} <= organisations
    assert {row["component"] for row in known["activity"] if "component" in row} <= parts
    for row in known["activity"]:
        for session in row["sessions"]:
            assert session["start"] < session["end"]
            assert known["programme"]["starts"] <= session["date"] <= known["programme"]["ends"]


def test_demo_people_write_from_example_addresses_only():
    assert all(one.email.endswith("@example.org") for one in CHARACTERS)


def test_no_invented_organisation_bears_the_name_of_a_real_one():
    real = {row["name"] for name in PROGRAMMES for row in facts(name).get("organisation", [])}
    invented = [row["name"] for row in facts("organisations")["organisations"]]
    assert len(invented) == len(set(invented))
    assert real.isdisjoint(invented)


def test_kcm_has_eighty_two_invented_members():
    rows = facts("organisations")["organisations"]
    assert len([row for row in rows if "KCM" in row["programmes"]]) == 82


def test_this_suite_runs_on_the_database_it_says(db):
    assert connection.vendor == (
        "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    )


@pytest.mark.parametrize("hour", range(24))
def test_the_session_of_tonight_is_never_over_whenever_the_demo_is_filled(hour):
    for minute in (0, 9, 49, 50, 59):
        now = datetime(2026, 11, 27, hour, minute, 59, tzinfo=ZoneInfo("Europe/Stockholm"))
        row = tonight_at(now)
        assert datetime.combine(row["date"], row["end"], now.tzinfo) > now
        ends = datetime.combine(row["date"], row["start"]) + timedelta(minutes=row["minutes"])
        assert ends == datetime.combine(row["date"], row["end"])
