"""What an artist may choose, as every prompt asks it: read from the database anew (I8)."""

from functools import cache

from django.conf import settings
from django.db.models import CharField, DateField, IntegerField

from artists.models import Artist
from artists.models.limit import NOBODY
from generations.models import Rate, VideoModel
from generations.models.video_model import VideoModelQuerySet
from portal.clock import programme_day
from portal.prepared import Arg, Count, Select

KNOWN_SIZES = {"1920x1080": "1080p wide", "1080x1920": "1080p tall"} | {
    "1280x720": "720p wide",
    "720x1280": "720p tall",
}


def say_size(size: str) -> str:
    """Name a size as artists call it."""
    return KNOWN_SIZES.get(size, size.replace("x", " × "))


def reading_order(size: str) -> tuple[bool, int]:
    """Wide before tall, and large before small."""
    width, height = map(int, size.split("x"))
    return width < height, -width * height


def find_served(artist: Artist, name: str) -> VideoModel | None:
    """Return the video model of that name with its rates, where the artist's cohort may use it.

    It is served still, and perhaps not offered any more.
    """
    named = _named(tuple(settings.PROVIDERS))
    return _with_rates(named.first(name=name, cohort=artist.cohort_id or NOBODY))


def find_first_offered(artist: Artist) -> VideoModel | None:
    """Return what is made with where nothing is chosen, with its rates."""
    offered = _first_offered(tuple(settings.PROVIDERS))
    cohort = artist.cohort_id or NOBODY
    return _with_rates(offered.first(cohort=cohort, day=programme_day()))


def is_offered(artist: Artist, video_model: VideoModel) -> bool:
    """Say whether it can be chosen now."""
    offered = _offered(tuple(settings.PROVIDERS))
    cohort = artist.cohort_id or NOBODY
    return offered(pk=video_model.pk, cohort=cohort, day=programme_day()) > 0


def _with_rates(video_model: VideoModel | None) -> VideoModel | None:
    if video_model:
        video_model.rate_card = _RATES.rows(video_model=video_model.pk)
    return video_model


def _own() -> VideoModelQuerySet:
    return VideoModel.objects.open_to_cohort(Arg("cohort", IntegerField()))


@cache
def _named(providers: tuple[str, ...]) -> Select[VideoModel]:
    return Select(lambda: _own().served(providers).filter(name=Arg("name", CharField())))


@cache
def _first_offered(providers: tuple[str, ...]) -> Select[VideoModel]:
    return Select(lambda: _own().offered(providers, day=_DAY)[:1])


@cache
def _offered(providers: tuple[str, ...]) -> Count:
    offered = _own().offered(providers, day=_DAY)
    return Count(lambda: offered.filter(pk=Arg("pk", IntegerField())).values("pk"))


_DAY = Arg("day", DateField())


_RATES = Select(lambda: Rate.objects.filter(video_model=Arg("video_model", IntegerField())))
