"""Archives are made in the background: one at a time, again after a kill, and gone in time."""

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from artists.models import Artist
from generations.models import Archive, Generation
from generations.prompts.services import remove
from generations.taking import making
from generations.taking.errors import MadeJustNow
from generations.taking.services import AGAIN_AFTER, ask
from generations.taking.zipping import Entry, zipped
from generations.tasks import make_archives, tidy
from tests.generations.sharing.fixtures import MakeWork
from tests.generations.taking.conftest import Opened
from tests.services.portal import ROOT


def test_two_requests_make_one(artist: Artist) -> None:
    assert ask(artist) == ask(artist)
    assert Archive.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one(artist: Artist) -> None:
    together = threading.Barrier(4)

    def request() -> None:
        try:
            together.wait()
            ask(artist)
        finally:
            connection.close()

    threads = [threading.Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Archive.objects.count() == 1


@pytest.mark.usefixtures("tasks_run_at_once")
def test_the_schedule_makes_what_was_asked_for(artist: Artist, work: Generation) -> None:
    archive = ask(artist)

    make_archives()

    archive.refresh_from_db()
    assert archive.can_be_taken
    assert archive.size_bytes == archive.file.size
    assert making.due() == []


def test_a_second_worker_leaves_it_to_the_first(artist: Artist) -> None:
    archive = ask(artist)
    Archive.objects.claim(archive.pk, seconds=20)

    making.make(archive.pk)

    archive.refresh_from_db()
    assert archive.is_being_made
    assert archive.tries == 1


def test_no_more_than_two_are_made_at_a_time(make_artist: Callable[..., Artist]) -> None:
    archives = [ask(make_artist(name)) for name in ("Ada", "Ben", "Cem")]

    assert making.due() == [one.pk for one in archives[:2]]
    Archive.objects.claim(archives[0].pk, seconds=20)
    assert making.due() == [archives[1].pk]


def test_a_work_that_is_removed_meanwhile_breaks_nothing(
    artist: Artist,
    make_work: MakeWork,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> None:
    works = [make_work() for _ in range(3)]
    archive = ask(artist)
    read = making.Contents._read

    def remove_the_next(contents: making.Contents, file: object) -> Iterator[bytes]:
        if Generation.objects.filter(pk=works[1].pk, removed_at=None).exists():
            with django_capture_on_commit_callbacks(execute=True):
                remove(works[1])
        return read(contents, file)  # type: ignore[arg-type]

    monkeypatch.setattr(making.Contents, "_read", remove_the_next)
    making.make(archive.pk)

    archive.refresh_from_db()
    with archive.file.open("rb") as file:
        opened = Opened(file.read())
    files = [len(row["files"]) for row in opened.json("data/works.json")]
    assert files == [5, 0, 5]


def test_what_fails_is_tried_again_and_leaves_no_file(
    artist: Artist, work: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = ask(artist)

    def fail(*arguments: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("generations.taking.contents.as_csv", fail)
        for _ in range(making.ENOUGH_TRIES):
            assert making.due() == [archive.pk]
            with pytest.raises(OSError, match="full"):
                making.make(archive.pk)
    assert not _stored(artist)
    assert making.due() == []
    archive.refresh_from_db()
    assert archive.status == Archive.Status.FAILED

    again = ask(artist)
    making.make(again.pk)

    again.refresh_from_db()
    assert again.can_be_taken


def test_a_new_archive_takes_the_place_of_the_one_before(
    artist: Artist, django_capture_on_commit_callbacks
) -> None:
    first = ask(artist)
    making.make(first.pk)
    with pytest.raises(MadeJustNow):
        ask(artist)
    Archive.objects.update(made_at=timezone.now() - AGAIN_AFTER)

    second = ask(artist)
    with django_capture_on_commit_callbacks(execute=True):
        making.make(second.pk)

    assert Archive.objects.get() == second
    assert len(_stored(artist)) == 1


def test_an_archive_is_deleted_when_its_time_is_over(artist: Artist, settings: Settings) -> None:
    archive = ask(artist)
    making.make(archive.pk)
    archive.refresh_from_db()
    assert archive.made_at
    assert archive.expires_at == archive.made_at + timedelta(days=settings.ARCHIVE_DAYS)
    tidy()
    assert len(_stored(artist)) == 1

    Archive.objects.update(expires_at=timezone.now())
    tidy()

    assert not Archive.objects.exists()
    assert not _stored(artist)


def test_an_archive_that_is_not_wanted_any_more_leaves_no_file(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = ask(artist)
    finish = making._finish

    def forget(*arguments: object) -> bool:
        Archive.objects.all().delete()
        return finish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_finish", forget)
    making.make(archive.pk)

    assert not _stored(artist)


def test_it_is_written_as_a_stream_in_little_memory() -> None:
    """200 MB pass, and no more than a block of them is held at a time."""
    block = bytes(1024 * 1024)
    largest = total = 0
    for part in zipped(
        [Entry("large.bin", (block for _ in range(200)), 200 * len(block))], at=timezone.now()
    ):
        largest, total = max(largest, len(part)), total + len(part)

    assert total > 200 * len(block)
    assert largest < 2 * len(block)


def test_beyond_4_gb_it_is_zip64(tmp_path: Path) -> None:
    """The size alone decides it, beforehand: four gigabytes need not be written to see it."""
    path = tmp_path / "large.zip"
    entry = Entry("large.bin", [b"the beginning"], 5 * 1024**3)
    path.write_bytes(b"".join(zipped([entry], at=timezone.now())))

    with zipfile.ZipFile(path) as archive:
        assert archive.read("large.bin") == b"the beginning"
        header = path.read_bytes()[: 30 + len("large.bin") + 20]
    assert header[26:30] == b"\x09\x00\x14\x00"  # an extra field of 20 bytes,
    assert header[-20:-16] == b"\x01\x00\x10\x00"  # which is that of zip64


MAKE_SLOWLY = """
import time, django; django.setup()
from uuid import UUID
from generations.taking import making
read = making.Contents._read
def slowly(self, file):
    for block in read(self, file):
        print("reading", flush=True)
        yield block
        time.sleep(60)
making.Contents._read = slowly
making.make(UUID({archive_id!r}))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_followed_by_another(
    artist: Artist, work: Generation, settings: Settings
) -> None:
    """I6, I12"""
    archive = ask(artist)
    database = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    begin = "from django.conf import settings\n"
    begin += f"settings.DATABASES['default']['NAME'] = {database!r}\n"
    program = begin + MAKE_SLOWLY.format(archive_id=str(archive.pk))
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"reading\n"
        archive.refresh_from_db()
        assert archive.lease_until is not None
        assert making.due() == []
        worker.send_signal(signal.SIGKILL)
    half = _stored(artist)

    Archive.objects.update(lease_until=timezone.now())  # the lease runs out
    assert making.due() == [archive.pk]
    making.make(archive.pk)

    archive.refresh_from_db()
    assert archive.can_be_taken
    with archive.file.open("rb") as file:
        assert Opened(file.read()).json("data/works.json")
    long_ago = time.time() - 3 * 24 * 3600
    for name in half:
        os.utime(default_storage.path(f"archives/{artist.pk}/{name}"), (long_ago, long_ago))
    tidy()
    assert len(_stored(artist)) == 1


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_it_is_made(
    artist: Artist, work: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PROGRESS_SECONDS", 0.05)
    archive = ask(artist)
    read = making.Contents._read
    seen: list[int] = []

    def slowly(contents: making.Contents, file: object) -> Iterator[bytes]:
        for block in read(contents, file):  # type: ignore[arg-type]
            yield block
            time.sleep(0.3)
            seen.append(Archive.objects.get(pk=archive.pk).progress)

    monkeypatch.setattr(making.Contents, "_read", slowly)
    making.make(archive.pk)

    assert len(seen) == 5
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] == 99


def _stored(artist: Artist) -> list[str]:
    folder = f"archives/{artist.pk}"
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
