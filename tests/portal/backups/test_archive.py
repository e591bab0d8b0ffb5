"""Whatever happened to an archive, it is told, and by the file that it happened to."""

import io
import tarfile
from pathlib import Path

import pytest

from portal.backups.archive import SUMS, line, writing
from portal.backups.errors import BackupRefused
from portal.backups.restoring import verified

MANIFEST = b'{"format": 1, "created_at": "", "rows": {}, "migrations": [], "database": "sqlite"}'


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "one.tar"
    with writing(path, tmp_path / "sums") as writer:
        for name, content in (
            ("database.sqlite3", b"d" * 50_000),
            ("files/a.mp4", b"a" * 30_000),
            ("files/b.mp4", b"b" * 30_000),
            ("manifest.json", MANIFEST),
        ):
            writer.add(name, io.BytesIO(content), size_bytes=len(content))
        writer.finish()
    return path


def read(path: Path) -> None:
    with verified(path, say=lambda _: None):
        pass


def test_a_whole_one_is_read(archive: Path) -> None:
    read(archive)


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (0, "its beginning"),
        (300, "broken at its beginning"),
        (20_000, "broken at database.sqlite3"),
        (50_688, "cut off or broken after database.sqlite3"),
        (60_000, "broken at files/a.mp4"),
        (100_000, "broken at files/b.mp4"),
        (112_128, "cut off or broken after files/b.mp4"),
    ],
)
def test_one_that_was_cut_off_is_refused(archive: Path, keep: int, said: str) -> None:
    archive.write_bytes(archive.read_bytes()[:keep])

    with pytest.raises(BackupRefused, match=said):
        read(archive)


def test_no_flipped_bit_passes(archive: Path) -> None:
    """In each content, in each header, in the sums."""
    content = archive.read_bytes()
    with tarfile.open(archive) as tar:
        places = {one.name: one.offset_data for one in tar}
    for name, at in places.items():
        for place in (at + 5, at - 400):
            flipped = bytearray(content)
            flipped[place] ^= 4
            archive.write_bytes(flipped)
            with pytest.raises(BackupRefused) as refused:
                read(archive)
            if place > at and name != SUMS:
                assert f"{name} in it is not what was backed up" in str(refused.value)


def test_nothing_may_follow_the_sums_or_be_put_in(archive: Path) -> None:
    for name in ("files/c.mp4", "../../etc/passwd"):
        with tarfile.open(archive, "a") as tar:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
        with pytest.raises(BackupRefused, match=r"cut off or broken|not what was backed up"):
            read(archive)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_only_files_are_in_it(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "odd.tar", "w") as tar:
        member = tarfile.TarInfo("files/odd")
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)

    with pytest.raises(BackupRefused, match="files/odd in it is not a file"):
        read(tmp_path / "odd.tar")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.tar").write_bytes(b"hello" * 1000)

    with pytest.raises(BackupRefused, match="broken at its beginning"):
        read(tmp_path / "text.tar")


def test_a_name_that_would_break_the_sums_is_refused() -> None:
    with pytest.raises(BackupRefused):
        line("0" * 64, "files/a\nb")
