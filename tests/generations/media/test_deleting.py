"""Whatever goes away leaves no file behind, in a folder and in a bucket: the storage is listed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from artists.access.services import create_token
from artists.accounts.profile import save_profile
from artists.models import Artist, Departure
from generations.erasing.services import erase
from generations.media import tidying
from generations.models import Archive, Generation, Render
from generations.models.generation import Status
from generations.prompts.services import remove
from generations.retention import services as retention
from generations.taking import making
from generations.taking.services import ask

pytestmark = pytest.mark.django_db

MakeWork = Callable[..., Generation]


@pytest.fixture(params=["folder", "bucket"], autouse=True)
def storage(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> None:
    """An empty place for files."""
    if request.param == "bucket":
        request.getfixturevalue("files")
        return
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path / "media"}
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": options}
    }


@pytest.fixture(autouse=True)
def alone(settings: Any) -> None:
    """An archive's claim is renewed in a thread, which sees nothing of a test's transaction."""
    settings.LEASE_SECONDS = 3600


@pytest.fixture
def whole(make_work: MakeWork) -> Callable[..., Generation]:
    """A work that has every kind of file: render, renditions, first image."""

    def make(of: Artist, **fields: Any) -> Generation:
        image = default_storage.save("first_images/one.jpg", ContentFile(b"image"))
        work = make_work(of=of, first_image=image, **fields)
        name = default_storage.save(f"renders/{work.pk}/one.mp4", ContentFile(b"render"))
        Render.objects.create(
            generation=work, file=name, content_type="video/mp4", size_bytes=6, sha256="0" * 64
        )
        return work

    return make


def stored() -> list[str]:
    storage: Any = default_storage
    return [one.name for one in storage.walk()]


def picture(name: str) -> ContentFile:
    return ContentFile(b"picture", name=f"pictures/{name}.webp")


def test_a_work_that_its_artist_removes(
    whole: MakeWork, artist: Artist, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    work = whole(artist)
    assert len(stored()) == 7

    with django_capture_on_commit_callbacks(execute=True):
        remove(work)

    assert stored() == []
    location = Path(getattr(default_storage, "location", "nowhere"))
    assert [one.name for one in location.glob("*/*")] == []  # nor a folder named after the work


def test_a_work_that_its_artist_removes_by_api(
    whole: MakeWork, artist: Artist, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    work = whole(artist)
    _, secret = create_token(artist=artist, name="tool")

    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().delete(
            f"/v1/videos/video_{work.pk.hex}", headers={"authorization": f"Bearer {secret}"}
        )

    assert answer.status_code == 200
    assert stored() == []


def test_a_draft_whose_time_is_over(
    whole: MakeWork, artist: Artist, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DRAFT_DAYS = 30
    now = timezone.now()
    work = whole(artist)
    notice = artist.removal_notices.create(told_at=now)
    Generation.objects.filter(pk=work.pk).update(removal_at=now, removal_notice=notice)

    with django_capture_on_commit_callbacks(execute=True):
        assert retention.remove_due() == 1

    assert stored() == []


@pytest.mark.parametrize("status", [Status.FAILED, Status.REFUSED, Status.CANCELLED])
def test_the_first_image_of_what_ended_without_a_clip(make_work: MakeWork, status: str) -> None:
    image = default_storage.save("first_images/one.jpg", ContentFile(b"image"))
    kept = default_storage.save("first_images/two.jpg", ContentFile(b"image"))
    make_work(status=status, first_image=image).renditions.all().delete()
    make_work(status=Status.QUEUED, finished_at=None, first_image=kept)

    assert tidying.delete_first_images() == 1
    assert tidying.delete_first_images() == 0

    names = stored()
    assert image not in names
    assert kept in names


def test_a_picture_that_is_replaced_and_one_that_is_removed(
    artist: Artist, django_capture_on_commit_callbacks: Any
) -> None:
    for name in ("one", "two"):
        with django_capture_on_commit_callbacks(execute=True):
            save_profile(artist, picture=picture(name), removes_picture=False)
    assert stored() == ["pictures/two.webp"]

    with django_capture_on_commit_callbacks(execute=True):
        save_profile(artist, picture=None, removes_picture=True)

    assert stored() == []


def test_an_archive_that_is_replaced_and_one_whose_time_is_over(
    artist: Artist, django_capture_on_commit_callbacks: Any
) -> None:
    for _ in range(2):
        Archive.objects.update(made_at=timezone.now() - timedelta(days=1))
        archive = ask(artist)
        with django_capture_on_commit_callbacks(execute=True):
            making.make(archive.pk)
    assert len(stored()) == 1
    Archive.objects.update(expires_at=timezone.now())

    making.remove_outdated()

    assert stored() == []


def test_a_person_who_is_erased(
    whole: MakeWork, artist: Artist, django_capture_on_commit_callbacks: Any
) -> None:
    whole(artist)
    with django_capture_on_commit_callbacks(execute=True):
        save_profile(artist, picture=picture("one"), removes_picture=False)
        making.make(ask(artist).pk)
    assert len(stored()) == 9
    artist.refresh_from_db()
    now = timezone.now()
    departure = Departure.objects.create(
        artist=artist, by=artist, kind=Departure.Kind.LEFT, ends_at=now, erase_at=now
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert erase(departure)

    assert stored() == []
