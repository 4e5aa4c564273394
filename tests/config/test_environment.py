"""Settings say what they take, and refuse the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from samverk.config import environment
from samverk.config.environment import SettingError, read

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_with_its_default():
    manual = (ROOT / ".env.example").read_text()
    for setting in environment.ALL:
        assert f"# {setting.about}\n# {setting.name}={setting.default}\n" in manual
    assert manual.count("=") == len(environment.ALL) + sum(
        s.about.count("=") + s.default.count("=") for s in environment.ALL
    )


def test_defaults_make_sense_by_themselves():
    values = read({})
    assert values["DATABASE_URL"] is None
    assert values["SAMVERK_LANGUAGE"] == "sv"
    assert values["SAMVERK_DEMO"] is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_URL", "postgres://host"),
        ("SAMVERK_SECRET", "short"),
        ("SAMVERK_ADDRESS", "samverk.example.org"),
        ("SAMVERK_ADDRESS", "ftp://samverk.example.org"),
        ("SAMVERK_HOSTS", "a b"),
        ("SAMVERK_DEBUG", "maybe"),
        ("SAMVERK_DEMO", "2"),
        ("SAMVERK_LANGUAGE", "swedish"),
        ("SAMVERK_TIME_ZONE", "Malmö"),
        ("SAMVERK_MAIL", "mail.example.org"),
        ("SAMVERK_PROXIES", "-1"),
        ("SAMVERK_PROXIES", "six"),
        ("SAMVERK_WORKERS", "0"),
    ],
)
def test_nonsense_is_refused_with_the_setting_named(name, text):
    with pytest.raises(SettingError, match=f"^{name}: "):
        read({name: text})


def test_a_misspelt_setting_is_refused_instead_of_ignored():
    with pytest.raises(SettingError, match="SAMVERK_LANGAUGE"):
        read({"SAMVERK_LANGAUGE": "sv"})


def test_addresses_of_databases_and_mail_servers_are_taken_apart():
    values = read(
        {
            "DATABASE_URL": "postgres://sam%40verk:p%2Fw@db.example.org:5433/samverk",
            "SAMVERK_MAIL": "smtp+tls://user:secret@mail.example.org",
        }
    )
    assert values["DATABASE_URL"] | {"ENGINE": ""} == {
        "ENGINE": "", "NAME": "samverk", "USER": "sam@verk", "PASSWORD": "p/w", "HOST": "db.example.org", "PORT": "5433",
    }  # fmt: skip
    assert values["SAMVERK_MAIL"]["port"] == 587
    assert values["SAMVERK_MAIL"]["use_tls"] is True


def test_a_relative_folder_stands_in_the_checkout():
    assert read({"SAMVERK_DATA": "var/x"})["SAMVERK_DATA"] == ROOT / "var/x"
