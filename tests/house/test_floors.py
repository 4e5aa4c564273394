"""What import-linter cannot see: foreign keys point to the same floor or lower, strings do not point up."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def _floors() -> dict[str, int]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:floors"]["layers"].strip().splitlines()
    return {
        name.strip().removeprefix("samverk."): len(lines) - number
        for number, line in enumerate(lines)
        for name in line.split("|")
    }


def test_every_foreign_key_stands_on_its_floor_or_a_lower_one():
    floors = _floors()
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("samverk."):
            continue
        own = floors[model._meta.app_label]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or target.__name__ == "Person":
                continue  # the user model is known everywhere through the setting
            if floors[target._meta.app_label] > own:
                wrong.append(f"{model.__name__}.{field.name} points up to {target.__name__}")
    assert wrong == []


# Mails and the calendar files that go with them must name addresses of the surfaces; nothing else below them may.
MAY_NAME_SURFACES = {"messages.py", "invitation_messages.py", "notices.py", "calendar_files.py"}


def test_no_app_below_the_surfaces_names_an_address_of_theirs_outside_its_mails():
    wrong = []
    for app in (
        "kit",
        "trail",
        "post",
        "people",
        "directory",
        "programmes",
        "activities",
        "certificates",
        "tables",
        "ledger",
        "reporting",
    ):
        for path in (ROOT / "samverk" / app).rglob("*.py"):
            if MAY_NAME_SURFACES & set(path.parts) or app == "kit":
                continue
            for found in re.findall(r"[\"'](?:public|portal|office):\w+[\"']", path.read_text()):
                wrong.append(f"{path.relative_to(ROOT)} names {found}")
    assert wrong == []


def test_no_app_is_an_empty_shell():
    for config in apps.get_app_configs():
        if config.name.startswith("samverk."):
            code = [path for path in Path(config.path).rglob("*.py") if path.stat().st_size > 200]
            assert len(code) >= 3, f"{config.name} holds next to nothing"


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_search_index_is_kept_by_its_triggers_after_all_migrations():
    """SQLite makes a table anew to change it, and its triggers go with the old one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%fts5%'")
        indexes = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}
    assert len(indexes) >= 3
    wanted = {f"{index}_{verb}" for index in indexes for verb in ("insert", "update", "delete")}
    assert wanted - triggers == set()
