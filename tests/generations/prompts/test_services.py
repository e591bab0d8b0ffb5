"""A prompt becomes a queued generation that holds a reservation, or nothing at all."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from artists.models import Artist, Cohort, Limit, Reservation, Window
from artists.quotas.errors import QuotaExceeded
from artists.quotas.windows import open_windows
from generations.models import Generation, Rate, Share, Submission, VideoModel
from generations.models.generation import Status
from generations.prompts.errors import (
    NotInvitedToMake,
    NotOffered,
    QueueFull,
    StillRunning,
    TooLateToCancel,
)
from generations.prompts.services import Fit, cancel, quote, remove
from tests.services.prepared import copy_home

ROOT = Path(__file__).resolve().parents[3]
Make = Callable[..., Generation]


def free(artist: Artist) -> int:
    return open_windows(artist)[0].free


@pytest.mark.django_db
def test_a_prompt_is_queued_with_its_price_held(make_generation: Make, artist: Artist) -> None:
    generation = make_generation(size="1920x1080", duration_seconds=10)

    assert (generation.status, generation.price_credits) == (Status.QUEUED, 40)
    assert generation.reservation.state == Reservation.State.HELD
    assert free(artist) == 960
    assert 0 <= generation.seed < 2**32
    assert generation.style == "film"


@pytest.mark.django_db
def test_the_price_stays_what_it_was_when_the_prompt_was_made(make_generation: Make) -> None:
    generation = make_generation()

    Rate.objects.update(credits_per_second=50)

    generation.refresh_from_db()
    assert generation.price_credits == 8


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"size": "640x480"}, "size"),
        ({"duration_seconds": 7}, "duration_seconds"),
        ({"style": "oil"}, "style"),
    ],
)
def test_what_is_not_offered_is_refused_by_its_field_and_holds_nothing(
    make_generation: Make, artist: Artist, chosen: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotOffered) as refusal:
        make_generation(**chosen)

    assert refusal.value.field == field
    assert free(artist) == 1000
    assert not Generation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["rates", "provider", "switch"])
def test_a_video_model_without_a_rate_a_provider_or_its_switch_cannot_be_chosen(
    make_generation: Make, video_model: VideoModel, missing: str
) -> None:
    if missing == "rates":
        video_model.rates.all().delete()
    else:
        changes: dict[str, dict[str, Any]] = {
            "provider": {"provider": "nobody"},
            "switch": {"is_enabled": False},
        }
        VideoModel.objects.update(**changes[missing])
        video_model.refresh_from_db()

    with pytest.raises(NotOffered):
        make_generation()


@pytest.mark.django_db
def test_a_first_image_is_kept_only_when_the_prompt_is(
    make_generation: Make, make_artist: Callable[..., Artist], settings: Any
) -> None:
    poor = make_artist("Poor", credits=1)
    folder = settings.HOME / "media" / "first_images"
    before = len(list(folder.glob("*"))) if folder.exists() else 0

    with pytest.raises(QuotaExceeded):
        make_generation(by=poor, first_image=ContentFile(b"image", name="first.png"))
    assert (len(list(folder.glob("*"))) if folder.exists() else 0) == before

    generation = make_generation(first_image=ContentFile(b"image", name="first.png"))
    assert generation.first_image.read() == b"image"


@pytest.mark.django_db
def test_the_queue_has_a_cap_for_each_artist(make_generation: Make, other_artist: Artist) -> None:
    Cohort.objects.update(queued_cap=2)
    make_generation()
    make_generation()

    with pytest.raises(QueueFull):
        make_generation()
    make_generation(by=other_artist)


@pytest.mark.django_db
def test_somebody_without_a_cohort_makes_nothing(make_generation: Make, artist: Artist) -> None:
    Artist.objects.update(cohort=None)

    with pytest.raises(NotInvitedToMake):
        make_generation()


@pytest.mark.django_db(transaction=True)
def test_prompts_in_parallel_keep_the_queues_cap_and_the_limit(
    make_generation: Make, make_artist: Callable[..., Artist]
) -> None:
    """I3: twelve threads, a cap of five."""
    Cohort.objects.update(queued_cap=5)
    artist = make_artist("Cleo", credits=64)

    def make(_: int) -> bool:
        try:
            make_generation(by=artist)
        except (QueueFull, QuotaExceeded):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(make, range(12)))

    assert made.count(True) == 5
    assert Window.objects.get(limit__artist=artist).held == 40


@pytest.mark.django_db
def test_a_quote_says_the_price_and_what_the_tightest_window_leaves(
    artist: Artist, video_model: VideoModel
) -> None:
    said = quote(artist=artist, video_model=video_model, size="1920x1080", duration_seconds=10)

    assert (said.price, said.free_after, said.refusal) == (40, 960, None)
    assert not Reservation.objects.exists()


@pytest.mark.django_db
def test_a_quote_says_before_it_bites_that_a_limit_would_refuse(
    make_artist: Callable[..., Artist], video_model: VideoModel
) -> None:
    poor = make_artist("Poor", credits=39)

    said = quote(artist=poor, video_model=video_model, size="1920x1080", duration_seconds=10)

    assert said.refusal
    assert "39 of 39 are left" in said.refusal


@pytest.mark.django_db
def test_a_quote_that_is_refused_says_what_is_possible_instead(
    make_artist: Callable[..., Artist], video_model: VideoModel
) -> None:
    clip: dict[str, Any] = {"video_model": video_model, "size": "1920x1080", "duration_seconds": 10}

    assert quote(artist=make_artist("Rich", credits=40), **clip).fits == []
    assert quote(artist=make_artist("Near", credits=17), **clip).fits == [
        Fit("1920x1080", 4, 16),
        Fit("1280x720", 8, 16),
    ]
    assert quote(artist=make_artist("Poor", credits=7), **clip).fits == []


@pytest.mark.django_db
def test_what_is_possible_instead_fits_the_budget_too(
    make_artist: Callable[..., Artist], video_model: VideoModel
) -> None:
    Rate.objects.filter(size="1280x720").update(provider_price=1000)
    Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=4000)
    near = make_artist("Near", credits=17)

    said = quote(artist=near, video_model=video_model, size="1920x1080", duration_seconds=10)

    assert said.fits == [Fit("1920x1080", 4, 16), Fit("1280x720", 4, 8)]


@pytest.mark.django_db
def test_a_queued_generation_can_be_cancelled_once_for_a_whole_refund(
    make_generation: Make, artist: Artist
) -> None:
    """I4"""
    generation = make_generation()

    cancel(generation)

    with pytest.raises(TooLateToCancel):
        cancel(generation)
    generation.refresh_from_db()
    assert generation.status == Status.CANCELLED
    assert free(artist) == 1000


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Status.SUBMITTING, Status.RENDERING, Status.READY])
def test_what_has_been_sent_is_not_cancelled(make_generation: Make, status: Status) -> None:
    generation = make_generation()
    Generation.objects.update(status=status)

    with pytest.raises(TooLateToCancel):
        cancel(generation)


@pytest.mark.django_db
def test_a_running_generation_is_not_removed(make_generation: Make) -> None:
    with pytest.raises(StillRunning):
        remove(make_generation())


@pytest.mark.django_db
def test_a_removed_work_takes_its_files_and_its_public_page_along(
    make_work: Make,
    artist: Artist,
    reviewer: Artist,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    work = make_work()
    files = [rendition.file for rendition in work.renditions.all()]
    submission = Submission.objects.create(
        artist=artist,
        generation=work,
        rendition=work.renditions.get(kind="master"),
        title="Boat",
        credit_name="Ada",
        status="approved",
        closed_at=work.created_at,
        due_at=work.created_at,
    )
    share = Share.objects.create(submission=submission)

    with django_capture_on_commit_callbacks(execute=True):
        remove(work)

    share.refresh_from_db()
    assert share.status == Share.Status.WITHDRAWN
    assert not any(Path(file.path).exists() for file in files)
    assert not Generation.objects.visible_to(artist).exists()


BROKER_AWAY = """
import django; django.setup()
from generations.demo.programme import fill_in
from generations.demo.story import queue_scenes
from generations.models import Generation
queue_scenes(fill_in())
print(Generation.objects.count())
"""


def test_a_broker_that_is_away_fails_nobody(tmp_path: Path) -> None:
    """I6: the row is stored, and a message is a nudge."""
    copy_home(tmp_path)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "GREENROOM_DEMO": "1",
        "GREENROOM_HOME": str(tmp_path),
        "GREENROOM_DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "GREENROOM_BROKER_URL": "redis://127.0.0.1:1/0",  # where nobody listens
    }

    done = subprocess.run(
        [sys.executable, "-c", BROKER_AWAY],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) > 10
    assert "Error 111" in done.stderr  # it is logged
