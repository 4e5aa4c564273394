"""Names the glossary forbids, sizes, and what must never stand in the tree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN_FILES = {
    "utils",
    "helpers",
    "misc",
    "common",
    "manager",
    "service",
    "data",
    "process",
    "handle",
    "util",
}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def test_no_module_has_a_name_that_says_nothing():
    assert [str(path) for path in _tracked() if path.suffix == ".py" and path.stem in FORBIDDEN_FILES] == []


def test_no_file_names_a_download_host_or_a_place_of_somebodys_machine():
    # Written in pieces so that this file does not find itself.
    never = re.compile(
        "|".join(
            ["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "/ro" + "ot/", r"\.\./sha" + "red"]
        )
    )
    found = []
    for path in _tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if path.name != "LICENSE" and never.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_no_business_signal_and_no_save_override():
    found = []
    for path in (ROOT / "samverk").rglob("*.py"):
        if re.search(r"post_save|pre_save(?!\()|m2m_changed|def save\(self", path.read_text()):
            found.append(str(path.relative_to(ROOT)))
    assert found == []
