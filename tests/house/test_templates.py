"""Templates compile, are used, and hold no style, no script of their own and no sentence outside gettext."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "samverk").glob("*/templates/**/*.*"))
CODE = sorted((ROOT / "samverk").rglob("*.py"))
# Django finds these by their names alone.
BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}


def _name(path: Path) -> str:
    return path.as_posix().split("/templates/", 1)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_compiles(path):
    engines["django"].from_string(path.read_text())


def test_every_template_is_used():
    text = "\n".join(path.read_text() for path in [*CODE, *TEMPLATES])
    unused = []
    for path in TEMPLATES:
        name = _name(path)
        folder_is_computed = f"{name.rsplit('/', 1)[0]}/{{" in text or f'"{name.rsplit("/", 1)[0]}/"' in text
        if name not in text and name not in BY_NAME and not folder_is_computed:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=_name)
def test_no_template_carries_style_or_script_of_its_own(path):
    if "/mail/" in path.as_posix():
        return  # the one exception: mail programs read no style sheet
    text = path.read_text()
    assert not re.search(r"<[a-z][^>]*\sstyle=", text)
    assert "<style" not in text or path.name == "500.html"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/" in script, script


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=_name)
def test_every_word_of_a_template_is_translated(path):
    if "gallery" in path.as_posix() or "/mail/" in path.as_posix() or path.name == "500.html":
        return  # example words; the page that must work when nothing does
    text = path.read_text()
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.S)
    text = re.sub(r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}", "", text, flags=re.S)
    # Blocks that hold a word of code, not of language.
    text = re.sub(r"{% block (?:width|surface) %}.*?{% endblock %}", "", text, flags=re.S)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.S)
    text = re.sub(r"<script\b.*?</script>", "", text, flags=re.S)
    text = re.sub(r"<[^>]*>", "\n", text, flags=re.S)
    bare = [line.strip() for line in text.splitlines() if re.search(r"[A-Za-zÅÄÖåäö]{3,}", line)]
    allowed = {"Samverk", "A+", "A++", "iCal"}
    assert [line for line in bare if line not in allowed] == []
