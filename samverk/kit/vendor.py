"""Which files of others are served, and where each one lies.

One list for the static finder, for the wheel and for the test that compares them.
A file that is not named here does not reach a browser.
"""

from __future__ import annotations

import shutil
from pathlib import Path

KIT = Path(__file__).resolve().parent
ROOT = KIT.parent.parent
MODULES = ROOT / "node_modules"
BUILD = ROOT / "build"
# In a built wheel there is no node_modules: the same files lie here.
PACKED = KIT / "packed"

FONT_FILES = "@fontsource-variable/hanken-grotesk/files"
FACES = {
    "latin": f"{FONT_FILES}/hanken-grotesk-latin-wght-normal.woff2",
    "latin-ext": f"{FONT_FILES}/hanken-grotesk-latin-ext-wght-normal.woff2",
}
TTF_NAMES = ("HankenGrotesk-Regular.ttf", "HankenGrotesk-SemiBold.ttf", "HankenGrotesk-Bold.ttf")


def served_files() -> dict[str, Path]:
    """Served name (below `vendor/`) to source file, in a checkout."""
    files = {
        "theme.css": BUILD / "theme" / "commons.css",
        "designsystemet.css": BUILD / "designsystemet.css",
        "icons.svg": BUILD / "icons.svg",
        "htmx.min.js": MODULES / "htmx.org/dist/htmx.min.js",
        # Reads QR codes where a browser cannot; loaded by the camera page alone, and only there.
        "qr/decode.js": MODULES / "qr/decode.js",
        "qr/index.js": MODULES / "qr/index.js",
    }
    return files | {Path(path).name: MODULES / path for path in FACES.values()}


def print_fonts() -> Path:
    """The folder of static TTFs that documents are set in."""
    packed = PACKED / "fonts"
    return packed if packed.is_dir() else BUILD / "fonts"


def icon_names() -> frozenset[str]:
    """Names of the icons in the sprite; `icons.txt` decides."""
    return frozenset((KIT / "icons.txt").read_text("utf-8").split())


def licences() -> dict[str, Path]:
    """The licence texts that go with what a wheel carries."""
    packages = (
        "@digdir/designsystemet-css",
        "@fontsource-variable/hanken-grotesk",
        "htmx.org",
        "lucide-static",
        "qr",
    )
    return {f"{name.rpartition('/')[2]}.txt": MODULES / name / "LICENSE" for name in packages}


def pack(folder: Path = PACKED) -> list[Path]:
    """Copy every served file, font and licence into `folder`, for a wheel. Returns what was written."""
    wanted = {f"vendor/{name}": path for name, path in served_files().items()}
    wanted |= {f"fonts/{name}": BUILD / "fonts" / name for name in TTF_NAMES}
    wanted |= {f"licences/{name}": path for name, path in licences().items()}
    written = []
    for name, source in wanted.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        written.append(target)
    return written
