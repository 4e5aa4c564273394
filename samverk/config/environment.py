"""Settings from the environment: each is declared once, parsed strictly and documented from the same declaration."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones


class SettingError(Exception):
    """A setting of the environment cannot be understood. The text names the setting and what to write instead."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name, how it is read, what it is when absent, and one sentence for the manual."""

    name: str
    parse: Callable[[str], Any]
    default: str
    about: str


def yes_or_no(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("write yes or no")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(text)

    return parse


def plain_text(text: str) -> str:
    return text.strip()


def names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def host_names(text: str) -> list[str]:
    for name in names(text):
        if "/" in name or " " in name:
            raise ValueError(f"write host names divided by commas, without {name!r}")
    return names(text)


def folder(text: str) -> Path:
    """A folder; one that is not absolute stands in the checkout, wherever the command was called."""
    return (Path(__file__).resolve().parents[2] / Path(text).expanduser()).resolve()


def zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("write a time zone such as Europe/Stockholm")
    return ZoneInfo(text).key


def language(text: str) -> str:
    if text not in {"sv", "pl", "en", "de", "nb"}:
        raise ValueError("write sv, pl, en, de or nb")
    return text


def secret(text: str) -> str:
    if text and len(text) < 40:
        raise ValueError("write at least 40 characters, or leave it out to have one made in SAMVERK_DATA")
    return text


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write an address such as https://samverk.example.org")
    return text.rstrip("/")


def database(text: str) -> dict[str, str] | None:
    """postgres://user:password@host:port/name, or sqlite:///path, or empty for SQLite in SAMVERK_DATA."""
    if not text:
        return None
    parts = urlsplit(text)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return {"ENGINE": "sqlite", "NAME": unquote(parts.path)}
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise ValueError("write postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3")
    host = unquote(parts.hostname or "")
    for pair in parts.query.split("&"):
        if pair.startswith("host="):
            host = unquote(pair.removeprefix("host="))
    return {
        "ENGINE": "postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
    }


def mail_server(text: str) -> dict[str, Any] | None:
    """smtp://user:password@host:25 (plain), smtp+tls:// (STARTTLS) or smtps://; empty keeps mail on the console."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"} or not parts.hostname:
        raise ValueError("write smtp://host:25, smtp+tls://user:password@host:587 or smtps://…:465")
    return {
        "host": parts.hostname,
        "port": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
    }


ALL = [
    Setting("SAMVERK_DATA", folder, "var", "Folder of the database and of uploaded files."),
    Setting(
        "DATABASE_URL",
        database,
        "",
        "PostgreSQL as postgres://user:password@host/name; empty is SQLite in SAMVERK_DATA.",
    ),
    Setting(
        "SAMVERK_SECRET",
        secret,
        "",
        "Key that signs links and sessions; empty makes one in SAMVERK_DATA at first start.",
    ),
    Setting(
        "SAMVERK_ADDRESS",
        web_address,
        "http://127.0.0.1:8000",
        "Public address of the installation, as written into mails.",
    ),
    Setting("SAMVERK_HOSTS", host_names, "", "Further host names that may be asked for, divided by commas."),
    Setting("SAMVERK_DEBUG", yes_or_no, "no", "Shows tracebacks. Never on where others can reach it."),
    Setting(
        "SAMVERK_DEMO",
        yes_or_no,
        "no",
        "Installs the sign-in page of the demo. Starts only on a database that bin/demo made.",
    ),
    Setting("SAMVERK_CENTRE", plain_text, "Samverk", "Name of the centre, shown at the top of every page."),
    Setting("SAMVERK_HELP_NAME", plain_text, "", "Who answers when somebody needs help."),
    Setting("SAMVERK_HELP_PHONE", plain_text, "", "The phone number people may ring for help."),
    Setting("SAMVERK_LANGUAGE", language, "sv", "Main language of the centre: sv, pl, en, de or nb."),
    Setting("SAMVERK_TIME_ZONE", zone, "Europe/Stockholm", "Time zone of the centre."),
    Setting(
        "SAMVERK_MAIL",
        mail_server,
        "",
        "Mail server, as smtp+tls://user:password@host:587; empty prints mails in the log.",
    ),
    Setting("SAMVERK_MAIL_FROM", plain_text, "Samverk <samverk@localhost>", "Sender of all mails."),
    Setting(
        "SAMVERK_PROXIES", whole_number(0, 5), "0", "How many proxies stand in front and set X-Forwarded-For."
    ),
    Setting(
        "SAMVERK_WORKERS", whole_number(1, 64), "1", "Web processes started by samverk serve and samverk web."
    ),
]


def read(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings parsed. Raises SettingError naming the first one that makes no sense."""
    values = {}
    for setting in ALL:
        text = environ.get(setting.name, "").strip() or setting.default
        try:
            values[setting.name] = setting.parse(text)
        except ValueError as problem:
            raise SettingError(f"{setting.name}: {problem}. It is {text!r} now.") from problem
    known = {setting.name for setting in ALL}
    for name in environ:
        if name.startswith("SAMVERK_") and name not in known and not name.startswith("SAMVERK_TEST_"):
            raise SettingError(f"{name}: no such setting. See .env.example for those there are.")
    return values
