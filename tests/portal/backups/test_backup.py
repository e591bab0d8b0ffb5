"""A backup is taken back in an empty place, byte for byte, and nothing broken is."""

import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from generations.media.tidying import delete_files
from generations.models import Generation
from portal import VERSION, audit
from portal.backups.archive import SUMS, writing
from portal.backups.database import FILES
from portal.backups.errors import BackupRefused
from portal.backups.making import MANIFEST, WORKPLACE, back_up, workplace
from portal.backups.restoring import restore, verified
from portal.supervisor.preparation import sole_use
from tests.generations.sharing.fixtures import change_on_disk, stored_bytes
from tests.services import servers
from tests.services.portal import MANAGE
from tests.services.s3 import Files

pytestmark = pytest.mark.django_db(transaction=True)  # no copy is made within a transaction


def quiet(_: str) -> None:
    pass


def contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


@pytest.fixture
def backed_up(work: Generation, tmp_path: Path) -> Path:
    """A backup of one work."""
    back_up(tmp_path / "one.tar", say=quiet)
    return tmp_path / "one.tar"


@pytest.fixture
def signed_in(client: Client, work: Generation) -> Client:
    """A browser in which the artist of the work is signed in, on the list of places."""
    client.force_login(work.artist)
    client.get(reverse("artists:sessions"))
    assert UserSession.objects.filter(user=work.artist).exists()
    return client


def there(home: Path, *, database: str) -> dict[str, str]:
    """The environment of a portal in an empty place, beside the one of the tests."""
    url = f"sqlite:///{home / 'db.sqlite3'}"
    if connection.vendor == "postgresql":
        ours = connection.settings_dict
        server = f"postgres://{ours['USER']}:{ours['PASSWORD']}@{ours['HOST']}:{ours['PORT']}"
        url = servers.create_database(f"{server}/postgres", database)
    return {**os.environ, "GREENROOM_HOME": str(home), "GREENROOM_DATABASE_URL": url}


RESTORE_AND_LOOK = """
import json, os
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from artists.models import Artist
from portal.audit_check import verify
from portal.backups.database import count_rows

def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        yield from cursor.fetchall()

quiet = open(os.devnull, "w")
call_command("restore", BACKUP, stdout=quiet)
found = {"rows": count_rows(ask), "trail": verify().is_whole}
found["files"] = sorted(one.name for one in default_storage.walk())
try:
    call_command("restore", BACKUP, stdout=quiet)
except CommandError as error:
    found["again"] = str(error)
lost, broken, *_ = found["files"]
for name in (lost, broken):
    default_storage.delete(name)
default_storage.save(broken, ContentFile(b"other"))
call_command("restore", BACKUP, over=True, stdout=quiet)
browser = Client(headers={"host": "localhost"})
browser.force_login(Artist.objects.get(email="ada@example.org"), "artists.access.backend.Backend")
found["page"] = "A paper boat" in browser.get("/works/").content.decode()
found["clip"] = browser.get(CLIP).getvalue().hex()
call_command("backup", BACKUP + ".again", stdout=quiet)
print(json.dumps(found))
"""


def restored_whole(backup: Path, environment: dict[str, str], work: Generation) -> None:
    """Restore there, and compare every row count and hash, a page and a clip."""
    code = RESTORE_AND_LOOK.replace("BACKUP", repr(str(backup)))
    code = code.replace("CLIP", repr(work.proxy_url))
    done = subprocess.run(
        [*MANAGE, "shell", "--verbosity=0", f"--command={code}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,  # as most shells have it
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])

    with verified(backup, say=quiet) as (manifest, sums):
        wanted = sums.read_text()
    assert found["rows"] == manifest.rows
    assert manifest.rows["generations_rendition"] == 5
    assert len(found["files"]) == manifest.files == 5
    assert (found["page"], found["trail"]) == (True, True)
    assert found["clip"] == stored_bytes(work, "proxy").hex()
    assert "--over" in found["again"]
    with verified(Path(f"{backup}.again"), say=quiet) as (_, sums):
        assert files_in(sums.read_text()) == files_in(wanted)


def files_in(sums: str) -> set[str]:
    return {one for one in sums.splitlines() if "  files/" in one}


def test_a_backup_is_restored_whole_in_an_empty_folder(
    signed_in: Client, work: Generation, tmp_path: Path
) -> None:
    audit.record("artist.tried", actor=None, subject=work.artist)
    back_up(tmp_path / "one.tar", say=quiet)

    restored_whole(tmp_path / "one.tar", there(tmp_path / "there", database="restored"), work)
    if connection.vendor == "sqlite":
        assert (tmp_path / "there" / "db.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_backup_signs_nobody_in(signed_in: Client, tmp_path: Path) -> None:
    manifest = back_up(tmp_path / "one.tar", say=quiet)

    copy = tmp_path / FILES[connection.vendor]
    copy.write_bytes(contents(tmp_path / "one.tar")[copy.name])
    assert str(signed_in.session.session_key) not in plain(copy)
    assert (manifest.rows["django_session"], manifest.rows["artists_artist"]) == (0, 1)
    assert signed_in.get(reverse("artists:sessions")).status_code == HTTPStatus.OK


def plain(copy: Path) -> str:
    """What a copy of the database says."""
    if connection.vendor == "sqlite":
        return copy.read_bytes().decode("latin-1")
    program = shutil.which("pg_restore")
    assert program
    command = [program, "--file=-", str(copy)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_backup_of_a_bucket_is_restored_whole_in_another(
    files: Files, work: Generation, tmp_path: Path
) -> None:
    back_up(tmp_path / "one.tar", say=quiet)
    environment = there(tmp_path / "there", database="restored_on_s3")
    environment["GREENROOM_MEDIA"] = f"{os.environ['GREENROOM_MEDIA']}-of-another"

    restored_whole(tmp_path / "one.tar", environment, work)


def test_what_is_in_a_backup_and_what_never_is(
    backed_up: Path, work: Generation, settings: Any
) -> None:
    """I2"""
    names = {f"files/{one.file.name}" for one in work.renditions.all()}

    found = contents(backed_up)

    (database,) = {"database.sqlite3", "database.dump"} & set(found)
    assert set(found) == {database, MANIFEST, SUMS, *names}
    everything = b"".join(found.values())
    assert settings.SECRET_KEY.encode() not in everything
    assert settings.PROVIDERS["sketch"]["key"].encode() not in everything
    said = json.loads(found[MANIFEST])
    assert said["greenroom"] == VERSION
    assert said["rows"]["generations_generation"] == 1
    assert "portal.0001_audit" in said["migrations"]
    assert backed_up.stat().st_mode & 0o077 == 0


def test_a_file_that_goes_meanwhile_is_told_from_one_that_is_missing(
    make_work: Callable[..., Generation], tmp_path: Path
) -> None:
    removed, broken = make_work(), make_work()
    missing = str(broken.renditions.get(kind="proxy").file.name)
    changed = broken.renditions.get(kind="poster")
    change_on_disk(changed)

    def remove_meanwhile(said: str) -> None:
        if said == "Copying the files …":
            default_storage.delete(missing)
            delete_files(removed)

    back_up(tmp_path / "one.tar", say=remove_meanwhile)

    with verified(tmp_path / "one.tar", say=quiet) as (manifest, _):
        assert manifest.missing == [missing]
        assert manifest.changed == [changed.file.name]
        assert (manifest.deleted_meanwhile, manifest.files) == (5, 4)


def test_what_is_made_meanwhile_is_not_half_in_it(
    make_work: Callable[..., Generation], tmp_path: Path
) -> None:
    """Rows and files are of one moment, though the portal goes on."""
    before = make_work()

    def make_meanwhile(said: str) -> None:
        if said == "Copying the files …":
            make_work()

    back_up(tmp_path / "one.tar", say=make_meanwhile)

    with verified(tmp_path / "one.tar", say=quiet) as (manifest, sums):
        found = files_in(sums.read_text())
    assert manifest.rows["generations_generation"] == 1
    assert {one.partition("  files/")[2] for one in found} == {
        rendition.file.name for rendition in before.renditions.all()
    }


def test_nothing_is_restored_under_a_running_portal(backed_up: Path, settings: Any) -> None:
    with sole_use(settings.HOME), pytest.raises(CommandError, match="already runs"):
        call_command("restore", str(backed_up), over=True)


def test_the_command_names_what_is_missing_and_ends_with_an_error(
    work: Generation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(work.renditions.get(kind="proxy").file.name)
    default_storage.delete(missing)

    with pytest.raises(CommandError, match="The backup stands, but"):
        call_command("backup", str(tmp_path))

    (backup,) = tmp_path.iterdir()
    assert backup.name.startswith("greenroom-")
    assert f"missing: {missing}" in capsys.readouterr().err


def test_a_backup_that_cannot_be_ended_leaves_nothing(
    files: Files, work: Generation, tmp_path: Path
) -> None:
    with files.away(), pytest.raises(CommandError, match="There is no backup"):
        call_command("backup", str(tmp_path / "one.tar"))

    assert list(tmp_path.iterdir()) == []


def test_another_backup_is_not_written_over_and_not_disturbed(
    backed_up: Path, tmp_path: Path
) -> None:
    before = backed_up.read_bytes()

    with pytest.raises(BackupRefused, match="is there already"):
        back_up(backed_up, say=quiet)
    with workplace(tmp_path) as folder, pytest.raises(BackupRefused, match="Another backup"):
        back_up(tmp_path / "two.tar", say=quiet)

    assert backed_up.read_bytes() == before
    assert not folder.exists()


def test_what_a_killed_backup_left_is_cleared_away(work: Generation, tmp_path: Path) -> None:
    (tmp_path / WORKPLACE).mkdir()
    (tmp_path / WORKPLACE / "whole.tar").write_bytes(b"half")

    back_up(tmp_path / "one.tar", say=quiet)

    assert [one.name for one in tmp_path.iterdir()] == ["one.tar"]


def test_a_place_that_is_not_empty_is_left_alone(backed_up: Path) -> None:
    with pytest.raises(CommandError, match="--over puts the backup in its place"):
        call_command("restore", str(backed_up))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"migrations": ["portal.9999_later"]}, r"does not know portal\.9999_later"),
        ({"database": "another"}, "is of another, and"),
        ({"format": 2}, "a format that this Greenroom does not know"),
        ({"colour": "red"}, r"has no good manifest\.json"),
    ],
)
def test_what_does_not_fit_here_is_refused(
    backed_up: Path, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    manifest = json.loads(contents(backed_up)[MANIFEST])
    write(tmp_path / "other.tar", {MANIFEST: json.dumps(manifest | change).encode()})

    with pytest.raises(BackupRefused, match=said):
        restore(tmp_path / "other.tar", is_over=True, say=quiet)


def test_a_copy_that_is_not_what_it_says_changes_nothing(
    backed_up: Path, tmp_path: Path, work: Generation
) -> None:
    found = contents(backed_up)
    manifest = json.loads(found[MANIFEST])
    manifest["rows"]["generations_rendition"] = 6
    write(tmp_path / "less.tar", found | {MANIFEST: json.dumps(manifest).encode()})

    with pytest.raises(BackupRefused, match="generations_rendition has 5 rows, not 6"):
        restore(tmp_path / "less.tar", is_over=True, say=quiet)

    assert Generation.objects.get().pk == work.pk


@pytest.mark.parametrize("name", ["../outside.mp4", "/etc/outside.mp4"])
def test_no_file_lands_outside_the_storage(backed_up: Path, tmp_path: Path, name: str) -> None:
    found = contents(backed_up)
    write(tmp_path / "evil.tar", found | {f"files/{name}": b"evil"})

    with pytest.raises(BackupRefused, match="would lie elsewhere"):
        restore(tmp_path / "evil.tar", is_over=True, say=quiet)


@pytest.mark.parametrize("name", ["../outside.mp4", "/etc/outside.mp4"])
def test_no_file_lands_beside_the_prefix_in_a_bucket(
    files: Files, backed_up: Path, tmp_path: Path, name: str
) -> None:
    found = contents(backed_up)
    write(tmp_path / "evil.tar", found | {f"files/{name}": b"evil"})

    with pytest.raises(BackupRefused, match="would lie elsewhere"):
        restore(tmp_path / "evil.tar", is_over=True, say=quiet)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has but one step")
@pytest.mark.parametrize("killed_at", ["CREATE SCHEMA public", "the rows were read in"])
def test_a_restore_that_is_killed_between_its_steps_is_told_and_mended(
    backed_up: Path, work: Generation, tmp_path: Path, killed_at: str
) -> None:
    environment = there(tmp_path / "there", database=f"killed_{len(killed_at)}")
    manage = partial(subprocess.run, env=environment, capture_output=True, text=True, check=False)
    assert manage([*MANAGE, "restore", str(backed_up)]).returncode == 0
    aside = "ALTER SCHEMA public RENAME TO greenroom_replaced; CREATE SCHEMA public;"
    if killed_at == "the rows were read in":
        aside += "CREATE TABLE half (id int);"
    code = f"from django.db import connection; connection.cursor().execute({aside!r})"
    assert manage([*MANAGE, "shell", "--verbosity=0", f"--command={code}"]).returncode == 0

    migrated = manage([*MANAGE, "migrate"])
    started = manage([*MANAGE, "up"])
    refused = manage([*MANAGE, "restore", str(backed_up)])

    for told in (migrated, started):
        assert told.returncode != 0
        assert "estore was cut short" in told.stderr
    assert "tables that it had set aside are back" in refused.stdout
    assert "has tables already" in refused.stderr
    count = "from generations.models import Generation; print(Generation.objects.count())"
    found = manage([*MANAGE, "shell", "--verbosity=0", f"--command={count}"])
    assert found.stdout.split() == ["1"]
    assert manage([*MANAGE, "migrate", "--check"]).returncode == 0
    assert manage([*MANAGE, "restore", "--over", str(backed_up)]).returncode == 0


def write(path: Path, found: dict[str, bytes]) -> None:
    with writing(path, path.with_suffix(".sums")) as writer:
        for name, content in found.items():
            if name != SUMS:
                writer.add(name, io.BytesIO(content), size_bytes=len(content))
        writer.finish()
