"""The running product, driven from the shell: serve, worker, doctor, login-link, backup and restore."""

from __future__ import annotations

import re
import signal
import tarfile
from pathlib import Path

import psutil
import pytest

from tests.post.mailbox import open_mailbox
from tests.trail.installation import Installation

pytestmark = pytest.mark.sqlite

ANNA = (
    "from samverk.people.commands import *; from samverk.kit.acting import THE_SHELL; "
    "anna = create_person('Anna', 'Lind', by=THE_SHELL, email='anna@example.org', language='en'); "
)
ASKED = ANNA + "ask_sign_in('anna@example.org', language='en', by=THE_SHELL)"


@pytest.fixture
def installation(bare_folder) -> Installation:
    return Installation(bare_folder)


@pytest.fixture
def box():
    with open_mailbox() as box:
        yield box


def test_serve_runs_web_and_worker_and_starts_again_whichever_ends(installation):
    with installation.serving() as running:
        running.wait_for(lambda: (running.health() or {}).get("ok"))
        for word in ("worker", "granian"):
            killed = running.child_in_time(word)
            below = killed.children(recursive=True)
            killed.send_signal(signal.SIGKILL)
            running.wait_for(
                lambda word=word, pid=killed.pid: (now := running.child(word)) and now.pid != pid
            )
            assert (
                psutil.wait_procs(below, timeout=120)[1] == []
            )  # nobody stays behind and answers in its place
        running.wait_for(lambda: running.health() and running.child("granian").children())
        running.end_a_web_process()
        running.wait_for(lambda: running.health() and running.child("granian").children())
        running.wait_for(lambda: running.health())
        assert running.stop() == 0


def test_nobody_stays_behind_when_the_supervisor_itself_is_killed(installation):
    with installation.serving() as running:
        everybody = psutil.Process(running.process.pid).children(recursive=True)
        assert len(everybody) >= 3
        running.process.kill()
        assert psutil.wait_procs(everybody, timeout=120)[1] == []


def test_serve_and_web_refuse_a_database_without_its_tables(tmp_path):
    empty = Installation(tmp_path / "empty")
    for command in ("serve", "web", "worker"):
        done = empty.run(command)
        assert done.returncode == 2 and "samverk migrate" in done.stderr, command


def test_serve_refuses_a_database_that_is_newer_than_the_program(installation):
    installation.ask(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_future', '2026-01-01')"
    )
    done = installation.run("serve")
    assert done.returncode == 2 and "newer than the program" in done.stderr


def test_the_worker_sends_what_was_asked_for_in_another_process(installation, box):
    installation.settings["SAMVERK_MAIL"] = f"smtp://127.0.0.1:{box.port}"
    installation.python(ASKED)
    assert installation.run("worker", "--once").returncode == 0
    assert [letter["To"] for letter in box.letters] == ["anna@example.org"]
    assert installation.run("doctor").returncode == 0


def test_a_worker_killed_before_the_server_took_the_mail_loses_nothing(installation, box):
    installation.settings["SAMVERK_MAIL"] = f"smtp://127.0.0.1:{box.port}"
    installation.python(ASKED)
    killed = installation.run("worker", "--once", SAMVERK_TEST_KILL_AT="mail_claimed")
    assert killed.returncode == -signal.SIGKILL and box.letters == []
    installation.run("worker", "--once")
    assert box.letters == []  # somebody may still be sending it
    time_passes(installation)
    installation.run("worker", "--once")
    assert len(box.letters) == 1 and installation.run("doctor").returncode == 0


def test_a_worker_killed_right_after_the_server_took_the_mail_sends_the_same_mail_once_more_at_most(
    installation, box
):
    installation.settings["SAMVERK_MAIL"] = f"smtp://127.0.0.1:{box.port}"
    installation.python(ASKED)
    installation.run("worker", "--once", SAMVERK_TEST_KILL_AT="mail_accepted")
    for _turn in range(3):
        time_passes(installation)
        installation.run("worker", "--once")
    assert len(box.letters) == 2
    assert len({letter["Message-ID"] for letter in box.letters}) == 1
    codes = [
        re.findall(r"\b[A-Z]{4} [A-Z]{4}\b", letter.get_body(("plain",)).get_content())
        for letter in box.letters
    ]
    assert codes[0] == codes[1] != []  # it works, whichever of the two is read


def time_passes(installation: Installation) -> None:
    """Leases run out, and every duty's time comes again."""
    installation.ask("UPDATE post_mail SET leased_until = '2020-01-01' WHERE leased_until IS NOT NULL")
    installation.ask("UPDATE trail_clockrun SET leased_until = NULL, last_started = '2020-01-01'")


def test_login_link_prints_a_link_and_leaves_a_trace(installation):
    installation.python(ANNA)
    done = installation.run("login-link", "Anna@example.org")
    assert done.stdout.startswith("http://127.0.0.1:8000/en/sign-in/link/")
    assert installation.ask("SELECT count(*) FROM trail_entry WHERE verb = 'make_keeper_link'") == [(1,)]
    assert installation.run("login-link", "nobody@example.org").returncode == 1


def test_the_doctor_says_what_is_wrong_and_ends_with_one(installation):
    assert installation.run("doctor").stdout.strip() == "Nothing missing, double or stuck."
    installation.python(ASKED)
    installation.ask("UPDATE post_mail SET send_after = '2020-01-01'")
    done = installation.run("doctor")
    assert done.returncode == 1 and "post: 1 mails should have left" in done.stdout


def test_a_backup_restores_people_files_and_key_on_another_machine(installation, tmp_path):
    installation.python(ANNA)
    (installation.folder / "files").mkdir()
    (installation.folder / "files" / "scan.pdf").write_bytes(b"%PDF-1.7 signed")
    archive = tmp_path / "monday.tar.gz"
    assert installation.run("backup", str(archive)).returncode == 0
    assert oct(archive.stat().st_mode)[-3:] == "600"
    other = Installation(tmp_path / "other")
    done = other.run("restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert other.ask("SELECT email FROM people_person") == [("anna@example.org",)]
    assert (other.folder / "files" / "scan.pdf").read_bytes() == b"%PDF-1.7 signed"
    assert (other.folder / "secret").read_text() == (installation.folder / "secret").read_text()
    assert other.run("doctor").returncode == 0


def test_a_backup_is_one_moment_of_a_database_in_use(installation, tmp_path):
    installation.python(ANNA)
    with installation.serving() as running:
        assert installation.run("backup", str(tmp_path / "busy.tar.gz")).returncode == 0
        assert running.health()
    other = Installation(tmp_path / "other")
    assert other.run("restore", str(tmp_path / "busy.tar.gz")).returncode == 0
    assert other.ask("PRAGMA integrity_check") == [("ok",)]


def test_restore_puts_nothing_over_a_database_unless_told_to(installation, tmp_path):
    archive = tmp_path / "before.tar.gz"
    installation.run("backup", str(archive))
    installation.python(ANNA)
    done = installation.run("restore", str(archive))
    assert done.returncode == 2 and "--replace" in done.stderr
    assert installation.ask("SELECT count(*) FROM people_person") == [(1,)]
    assert installation.run("restore", "--replace", str(archive)).returncode == 0
    assert installation.ask("SELECT count(*) FROM people_person") == [(0,)]


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08\x00broken"])
def test_a_file_that_is_no_archive_changes_nothing(installation, tmp_path, content):
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_bytes(content)
    done = installation.run("restore", "--replace", str(wrong))
    assert done.returncode == 2 and "archive" in done.stderr
    assert installation.run("doctor").returncode == 0


def test_an_archive_of_something_else_is_refused(installation, tmp_path):
    foreign = tmp_path / "foreign.tar.gz"
    with tarfile.open(foreign, "w:gz") as archive:
        archive.add(Path(__file__), arcname="../../evil.py")
    done = installation.run("restore", "--replace", str(foreign))
    assert done.returncode == 2 and "is not an archive of samverk backup" in done.stderr


def test_a_backup_never_writes_over_an_older_one(installation, tmp_path):
    archive = tmp_path / "monday.tar.gz"
    archive.write_bytes(b"last week")
    assert installation.run("backup", str(archive)).returncode == 2
    assert archive.read_bytes() == b"last week"
