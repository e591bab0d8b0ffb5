"""What most tests need: a small programme and its people."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache, caches
from django.db import connection

from artists.models import Artist, Cohort, Limit
from generations.models import Rate, VideoModel
from generations.models.video_model import SourceType
from generations.taking import making
from tests.second_factor import FullClient, give_app
from tests.services.prepared import copy_database
from tests.services.s3 import S3, Files, s3_server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--on-servers", action="store_true", help="only what meets them")


def pytest_collection_finish() -> None:
    """Let the collector of garbage look at what tests make, not at all the code again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On servers leave out what meets neither a database nor, marked so, a server otherwise."""
    if not config.getoption("on_servers"):
        return
    left_out = [item for item in items if not _meets_a_server(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _meets_a_server(item)]


def _meets_a_server(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures or any(map(item.get_closest_marker, ("django_db", "servers"))))


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite the tests' database is a copy of one that is migrated; to be kept, for Django."""
    if connection.vendor != "sqlite":
        return False
    copy_database(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()
    caches["memory"].clear()


@pytest.fixture(autouse=True)
def _archives_keep_their_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread renews it, which sees no row of a test's transaction and takes it for lost."""
    monkeypatch.setattr(making, "PROGRESS_SECONDS", 600.0)


@pytest.fixture
def client() -> FullClient:
    """A browser in which `force_login` shows the person's second factor too."""
    return FullClient()


@pytest.fixture
def cohort(db: None) -> Cohort:
    return Cohort.objects.create(name="Spring", artist_total_credits=1000)


@pytest.fixture
def make_artist(cohort: Cohort) -> Callable[..., Artist]:
    """Make an artist of the cohort who may spend 1000 credits in total, unless told otherwise.

    Who has a role has an authenticator app as well.
    """

    def make(name: str = "Ada", *, credits: int = 1000, role: str = "") -> Artist:
        artist = Artist.objects.create_user(
            f"{name.lower()}@example.org", "correct horse", credit_name=name, cohort=cohort
        )
        Limit.objects.create(artist=artist, period=Limit.Period.TOTAL, ceiling=credits)
        if role:
            artist.groups.add(Group.objects.get(name=role))
            give_app(artist)
        return artist

    return make


@pytest.fixture
def artist(make_artist: Callable[..., Artist]) -> Artist:
    return make_artist("Ada")


@pytest.fixture
def other_artist(make_artist: Callable[..., Artist]) -> Artist:
    return make_artist("Ben")


@pytest.fixture
def reviewer(make_artist: Callable[..., Artist]) -> Artist:
    return make_artist("Rita", role="reviewer")


@pytest.fixture
def manager(make_artist: Callable[..., Artist]) -> Artist:
    return make_artist("Mona", role="manager")


@pytest.fixture
def video_model(db: None) -> VideoModel:
    """sketch-1 at 2 credits a second of 1280x720 and 4 of 1920x1080."""
    model = VideoModel.objects.create(
        name="sketch-1",
        title="Sketch 1",
        description="A procedural sketch, no generative model.",
        provider="sketch",
        native_name="sketch-1",
        source_type=SourceType.ALGORITHMIC,
        durations=[4, 5, 8, 10],
        styles=["film", "watercolour", "neon", "ink"],
        takes_seed=True,
        takes_first_image=True,
        concurrency=2,
    )
    Rate.objects.create(video_model=model, size="1920x1080", credits_per_second=4)
    Rate.objects.create(video_model=model, size="1280x720", credits_per_second=2)
    return model


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """A server that speaks S3, for all tests of this run."""
    with s3_server() as server:
        yield server


@pytest.fixture
def files(s3: S3, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The portal's files in a place of their own on that server, which may go away."""
    return Files(s3, settings, monkeypatch)
