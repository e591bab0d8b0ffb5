"""What the tests' databases and portals begin with fits the code of the moment."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.services.prepared import CODE, REQUIREMENTS, copy_database, copy_home, fingerprint


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A project of as many files as it takes."""
    for name in (*REQUIREMENTS, *(f"{app}/migrations/0001_initial.py" for app in CODE)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["artists/migrations/0001_initial.py", "generations/models/new.py", "requirements.txt"],
)
def test_code_that_changes_wants_another_home(code: Path, name: str) -> None:
    before = fingerprint(code)
    assert before == fingerprint(code)

    path = code / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("of another day\n")

    assert fingerprint(code) != before


def test_code_that_moves_wants_another_home(code: Path) -> None:
    before = fingerprint(code)

    first = code / "portal/migrations/0001_initial.py"
    first.rename(first.with_name("0002_initial.py"))

    assert fingerprint(code) != before


@pytest.mark.django_db
def test_the_tests_begin_with_every_migration() -> None:
    call_command("migrate", "--check", verbosity=0)


def test_a_database_is_put_in_the_place_of_what_was_there(tmp_path: Path) -> None:
    """With the log of the one before, it would be another, or broken."""
    place = tmp_path / "test.sqlite3"
    for name in ("test.sqlite3", "test.sqlite3-wal", "test.sqlite3-shm"):
        (tmp_path / name).write_text("left behind")

    copy_database(place)

    assert [path.name for path in tmp_path.iterdir()] == ["test.sqlite3"]
    with closing(sqlite3.connect(place)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT count(*) FROM artists_artist").fetchall() == [(0,)]


def test_a_home_that_is_in_use_keeps_its_database(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_text("of somebody")

    copy_home(tmp_path)

    assert (tmp_path / "db.sqlite3").read_text() == "of somebody"
    assert (tmp_path / "static").is_dir()
