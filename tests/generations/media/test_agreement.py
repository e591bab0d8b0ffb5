"""Rows and files: what is missing, extra or changed is found, told once, and gone when mended."""

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from artists.models import Artist
from generations.media import tidying, watching
from generations.media.agreement import compared, slice_of
from generations.models import FilesCheck, Generation, Rendition
from generations.tasks import check_files
from tests.generations.sharing.fixtures import change_on_disk
from tests.services.s3 import Files

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, settings: Any, tmp_path: Any) -> None:
    """An empty place for files."""
    if request.param == "bucket":
        request.getfixturevalue("files")
        return
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": options}
    }


@pytest.fixture
def emptied(settings: Any, tmp_path: Any) -> None:
    """An empty folder for files."""
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": options}
    }


def name_of(work: Generation, kind: str) -> str:
    return str(work.renditions.get(kind=kind).file.name)


def findings(**chosen: Any) -> list[str]:
    with compared() as agreement:
        return [one.key for one in agreement.findings(**chosen)]


def put(name: str, content: bytes) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


def content_of(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        return bytes(file.read())


def in_days(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_what_is_missing_extra_or_changed_is_found(storage: None, work: Generation) -> None:
    assert findings() == []
    default_storage.delete(name_of(work, "proxy"))
    put(name_of(work, "poster"), b"x" * 4000)
    put(name_of(work, "filmstrip"), b"short")
    extra = default_storage.save("elsewhere/extra.mp4", ContentFile(b"extra"))

    found = findings()
    with time_machine.travel(in_days(3)):
        later = findings()

    missing = f"missing {name_of(work, 'proxy')}"
    changed = {f"changed {name_of(work, kind)}" for kind in ("poster", "filmstrip")}
    assert set(found) == {missing, *changed}
    assert set(later) == {missing, *changed, f"extra {extra}"}


def test_without_its_turn_a_file_is_judged_by_its_size_alone(
    emptied: None, work: Generation
) -> None:
    poster, strip = name_of(work, "poster"), name_of(work, "filmstrip")
    put(poster, b"x" * 4000)
    put(strip, b"short")

    assert findings(slices=()) == [f"changed {strip}"]
    assert set(findings(slices=(), again={f"changed {poster}"})) == {
        f"changed {poster}",
        f"changed {strip}",
    }
    turn = slice_of(poster, 30)
    assert f"changed {poster}" in findings(days=30, slices={turn})
    assert f"changed {poster}" not in findings(days=30, slices={(turn + 1) % 30})


def test_a_file_removed_while_they_are_compared_is_no_finding(
    emptied: None, work: Generation
) -> None:
    with compared() as agreement:
        put("renders/new.mp4", b"new")
        for rendition in work.renditions.all():
            default_storage.delete(str(rendition.file.name))
        Rendition.objects.update(file="")

        assert list(agreement.findings()) == []


def test_every_file_has_its_turn_within_the_days(
    emptied: None, make_work: Callable[..., Generation], settings: Any
) -> None:
    """A night that was missed is made up for, and a day has one check."""
    settings.FILES_REREAD_DAYS = 5
    for _ in range(5):
        make_work()
    read = 0
    for day in (1, 2, 4, 5):
        with time_machine.travel(in_days(day)):
            assert watching.check_once_a_day()
            assert not watching.check_once_a_day()
            read += FilesCheck.last().read_again

    assert read == FilesCheck.last().files == 25


def test_a_finding_is_told_once_shown_until_it_is_mended_and_then_gone(
    emptied: None,
    work: Generation,
    manager: Artist,
    client: Client,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is looked at each night, though its file's turn comes in a year."""
    settings.FILES_REREAD_DAYS = 1
    poster = name_of(work, "poster")
    good = content_of(poster)
    client.force_login(manager)
    assert "No check has run yet" in client.get("/files/").content.decode()
    put(poster, b"x" * 4000)

    check_files.apply()

    (letter,) = mail.outbox
    assert letter.to == [manager.email]
    assert poster in letter.body
    assert "/files/" in letter.body
    assert [one.levelno for one in caplog.records] == [logging.CRITICAL]
    assert poster in client.get("/files/").content.decode()
    settings.FILES_REREAD_DAYS = 365
    for day in (1, 2):
        with time_machine.travel(in_days(day)):
            check_files.apply()
            assert FilesCheck.last().wrong == 1
    put(poster, good)
    with time_machine.travel(in_days(3)):
        check_files.apply()
    assert FilesCheck.last().wrong == 0
    assert "Rows and files agree" in client.get("/files/").content.decode()
    assert len(mail.outbox) == 1


def test_a_check_that_fails_is_made_again(files: Files, work: Generation) -> None:
    with files.away(), pytest.raises(OSError, match="cannot be reached"):
        watching.check_once_a_day()

    assert FilesCheck.last().at is None
    assert watching.check_once_a_day()


def test_two_workers_make_one_check(emptied: None) -> None:
    assert FilesCheck.claim()

    assert not watching.check_once_a_day()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=7)):
        assert watching.check_once_a_day()


def test_the_command_ends_with_an_error_and_says_what_is_wrong(
    emptied: None, work: Generation, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("files", "check")
    assert "Rows and files agree: 5 files, 5 of them read whole." in capsys.readouterr().out
    change_on_disk(work.renditions.get(kind="poster"))

    call_command("files", "check", quick=True)
    with pytest.raises(CommandError, match="disagree in 1 places"):
        call_command("files", "check")

    assert f"{name_of(work, 'poster')} is not the file" in capsys.readouterr().err


def test_what_is_compared_is_not_held_in_memory(
    emptied: None, work: Generation, django_assert_num_queries: Any
) -> None:
    """One query for each column that names files, however many there are."""
    for number in range(50):
        default_storage.save(f"renders/{number}", ContentFile(b"young"))
    with django_assert_num_queries(6), compared() as agreement:
        assert list(agreement.findings()) == []


def test_old_files_that_no_row_names_are_looked_up_together(
    emptied: None, work: Generation, django_assert_num_queries: Any
) -> None:
    """One query more for each column: those are not indexed by name."""
    for number in range(50):
        name = default_storage.save(f"renders/{number}", ContentFile(b"old"))
        os.utime(default_storage.path(name), (1, 1))

    with django_assert_num_queries(12):
        assert tidying.delete_unknown() == 50


def test_an_old_file_in_a_folder_of_ours_is_for_the_tidying(
    emptied: None, work: Generation
) -> None:
    for name in ("renders/orphan", "elsewhere/extra"):
        default_storage.save(name, ContentFile(b"orphan"))
        os.utime(default_storage.path(name), (1, 1))

    assert tidying.delete_unknown() == 1

    assert findings() == ["extra elsewhere/extra"]
