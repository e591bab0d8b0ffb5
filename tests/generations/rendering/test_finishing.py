"""From a fetched render to a ready work, and what its artist sees on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.signals import post_init, post_save
from django.test import Client, TestCase

from artists.models import Artist
from generations.media.tidying import delete_files
from generations.models import Generation, Render, Rendition
from generations.models.generation import Status
from generations.rendering.finishing import finish
from tests.generations.media.clips import write_clip
from tests.generations.media.corpus import with_hole


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("render")
    return write_clip(folder / "clip.mp4", size=(640, 360), frames=48, sound="aac").read_bytes()


def fetched(generation: Generation, content: bytes) -> Generation:
    """Put a generation where its render has just been fetched."""
    Generation.objects.filter(pk=generation.pk).update(status=Status.FINISHING)
    render = Render(generation=generation, content_type="video/mp4", size_bytes=len(content))
    render.file.save("renders/render.mp4", ContentFile(content))
    generation.refresh_from_db()
    return generation


def posters(generation: Generation) -> list[Rendition]:
    return list(generation.renditions.filter(kind=Rendition.Kind.POSTER))


@pytest.fixture
def at_the_poster() -> Iterator[list[Any]]:
    """Things to do at the moment at which the poster is written down."""
    acts: list[Any] = []

    def do(instance: Rendition, **_: Any) -> None:
        for act in acts:
            act(instance)

    post_save.connect(do, sender=Rendition)
    yield acts
    post_save.disconnect(do, sender=Rendition)


def test_the_poster_is_seen_while_the_rest_is_made(
    client: Client, artist: Artist, make_generation, good, at_the_poster
):
    generation = fetched(make_generation(), good)
    client.force_login(artist)
    seen: list[tuple[object, ...]] = []

    def look(poster: Rendition) -> None:
        page = client.get(generation.get_absolute_url()).text
        shown = client.get(generation.poster_url)
        seen.append((poster.kind, generation.poster_url in page, shown.status_code))
        seen.append(("progress" in page, '<svg class="placeholder"' in page, "<video" in page))

    at_the_poster.append(look)
    finish(generation.pk)

    assert seen == [("poster", True, 200), (True, True, False)]
    generation.refresh_from_db()
    assert generation.is_ready
    kinds = generation.renditions.values_list("kind", flat=True)
    assert sorted(kinds) == ["filmstrip", "master", "poster", "proxy", "waveform"]


def test_a_worker_that_dies_after_the_poster_leaves_nothing_twice(
    make_generation, good, at_the_poster
):
    """I6: the next one begins anew, and puts its poster in the place of the first."""
    generation = fetched(make_generation(), good)

    def die(_: Rendition) -> None:
        at_the_poster.clear()
        raise KeyboardInterrupt

    at_the_poster.append(die)
    with pytest.raises(KeyboardInterrupt):
        finish(generation.pk)
    kept: list[Path] = []
    at_the_poster.append(lambda poster: kept.append(Path(poster.file.path)))
    Generation.objects.filter(pk=generation.pk).update(lease_until=None)
    with TestCase.captureOnCommitCallbacks(execute=True):
        finish(generation.pk)

    generation.refresh_from_db()
    (poster,) = posters(generation)
    assert generation.is_ready
    assert Path(poster.file.path) == kept[0]
    assert kept[0].is_file()


def test_a_clip_that_is_damaged_behind_its_poster_fails_and_keeps_none(make_generation, good):
    generation = fetched(make_generation(), with_hole(good, at=0.9, size=200))

    with TestCase.captureOnCommitCallbacks(execute=True):
        finish(generation.pk)

    generation.refresh_from_db()
    assert (generation.status, generation.placeholder) == (Status.FAILED, "")
    assert generation.reservation.state == "refunded"
    assert not generation.renditions.exists()


def test_a_poster_of_what_was_stopped_meanwhile_is_not_kept(make_generation, good):
    """Cancelled between the claim and the poster: nothing of it is written down."""
    generation = fetched(make_generation(), good)

    def stop(**_: Any) -> None:
        Generation.objects.filter(pk=generation.pk).update(status=Status.CANCELLED)

    post_init.connect(stop, sender=Render)
    try:
        finish(generation.pk)
    finally:
        post_init.disconnect(stop, sender=Render)

    generation.refresh_from_db()
    assert generation.status == Status.CANCELLED
    assert generation.placeholder == ""
    assert not generation.renditions.exists()
    stored = [one.name for one in default_storage.walk("renditions")]  # type: ignore[attr-defined]
    assert not [name for name in stored if str(generation.pk) in name]


def test_marks_are_those_that_the_programme_sets(make_generation, artist, good, settings):
    settings.MARKS = {"master": "none", "proxy": "moving"}
    generation = fetched(make_generation(), good)

    finish(generation.pk)

    marks = dict(generation.renditions.values_list("kind", "mark"))
    assert (marks["master"], marks["proxy"], marks["poster"]) == ("", "moving", "")
    master = generation.renditions.get(kind="master")
    assert Path(master.file.path).read_bytes() == good


def test_what_is_removed_keeps_no_placeholder(make_generation, good):
    generation = fetched(make_generation(), good)
    finish(generation.pk)

    delete_files(generation)

    generation.refresh_from_db()
    assert generation.placeholder == ""
