"""Front-end files: exactly those on the list, all of them there, and every address inside a sheet resolves."""

import json
import posixpath
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.test import override_settings
from fontTools.ttLib import TTFont

from samverk.kit import assets, vendor
from samverk.kit.finders import VendorFinder

MODULES = sorted((vendor.ROOT / "samverk").glob("*/static/**/*.js"))
TEMPLATES = vendor.ROOT / "samverk"


def test_every_file_on_the_list_exists_and_is_served() -> None:
    assert not VendorFinder().check()
    for name in vendor.served_files():
        assert finders.find(f"vendor/{name}"), name


def test_nothing_else_of_the_packages_is_served() -> None:
    assert not finders.find("vendor/package.json")
    assert not finders.find("vendor/../package.json")
    served = {name for name, _storage in VendorFinder().list([])}
    assert served == {f"vendor/{name}" for name in vendor.served_files()}


def test_templates_and_sheets_name_only_files_that_are_served() -> None:
    for template in TEMPLATES.rglob("templates/**/*.html"):
        for name in re.findall(r'{% static "([^"]+)" %}', template.read_text("utf-8")):
            assert finders.find(name), f"{template}: {name}"
        for name in re.findall(r'{% script "([^"]+)" %}', template.read_text("utf-8")):
            assert finders.find(f"kit/{name}.js"), f"{template}: {name}"


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (vendor.BUILD / "icons.svg").read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    assert drawn == vendor.icon_names()
    for template in TEMPLATES.rglob("templates/**/*.html"):
        for name in re.findall(r'{% icon "([^"]+)"', template.read_text("utf-8")):
            assert name in drawn, f"{template}: {name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_of_ours_is_small_and_imports_only_our_own(module: Path) -> None:
    text = module.read_text("utf-8")
    assert len(text.encode()) <= 3 * 1024
    for name in re.findall(r"""from\s+["']([^"']+)["']""", text):
        assert finders.find(posixpath.normpath(f"{module.parent.name}/{name}")), name
    assert "innerHTML" not in text
    assert "eval(" not in text


def test_hashed_names_resolve_inside_the_sheets(tmp_path: Path) -> None:
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES={"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}},
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / ManifestStaticFilesStorage.manifest_name).read_text())["paths"]
    sheet = (tmp_path / names["kit/app.css"]).read_text("utf-8")
    for address in re.findall(r'url\("?\.\./(vendor/[^")]+)', sheet):
        assert address in names.values()
    assert (tmp_path / (names["kit/app.css"] + ".br")).is_file()


def test_the_lock_names_no_address_to_download_from() -> None:
    lock = json.loads((vendor.ROOT / "package-lock.json").read_text("utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_packages_are_asked_for_by_exact_version() -> None:
    wanted = json.loads((vendor.ROOT / "package.json").read_text("utf-8"))
    for version in (wanted["dependencies"] | wanted["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_fonts_for_documents_have_three_weights_and_our_letters() -> None:
    weights = {}
    for path in sorted(vendor.print_fonts().glob("*.ttf")):
        font = TTFont(path)
        assert "fvar" not in font
        assert all(ord(letter) in font.getBestCmap() for letter in "ąćęłńóśźżĄŁŻåäöÅÄÖæøßŠ–”„€−")
        weights[font["OS/2"].usWeightClass] = font["name"].getBestFamilyName()
    assert weights == {400: "Hanken Grotesk", 600: "Hanken Grotesk", 700: "Hanken Grotesk"}


def test_a_second_build_does_nothing() -> None:
    said: list[str] = []
    assets.build(said.append)
    assert assets.build(said.append) == []


def test_a_wheel_carries_every_file(tmp_path: Path) -> None:
    written = {path.relative_to(tmp_path).as_posix() for path in vendor.pack(tmp_path)}
    licences = {path for path in written if path.startswith("licences/")}
    assert len(licences) == 5
    assert written - licences == {f"vendor/{name}" for name in vendor.served_files()} | {
        f"fonts/{n}" for n in vendor.TTF_NAMES
    }


def test_a_page_of_the_kit_stays_light() -> None:
    sheets = ["vendor/theme.css", "vendor/designsystemet.css", "kit/app.css"]
    import brotli

    weight = sum(len(brotli.compress(Path(finders.find(name)).read_bytes())) for name in sheets)
    assert weight < 30 * 1024
