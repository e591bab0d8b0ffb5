"""A prompt becomes a queued generation that holds a reservation."""

import secrets
from dataclasses import dataclass
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import IntegerField
from django.utils import timezone
from django.utils.formats import date_format

from artists.access.membership import check_membership
from artists.models import Artist, Limit, Token, Window
from artists.quotas.errors import describe
from artists.quotas.services import refund, reserve
from artists.quotas.windows import read_windows
from generations.checks.services import Findings, check_prompt, keep_findings
from generations.media.storage import stored_first
from generations.media.tidying import delete_files
from generations.models import Generation, VideoModel
from generations.models.generation import ENDED, Move, Status
from generations.pauses.guard import refuse_if_paused
from generations.prompts.errors import (
    CannotBeStopped,
    NotInvitedToMake,
    NotOffered,
    OutsideCohortDates,
    QueueFull,
    StillRunning,
    TooLateToCancel,
)
from generations.prompts.offer import is_offered, reading_order, say_size
from generations.providers.registry import stoppable_providers
from generations.rendering.waiting import expected_wait
from generations.sharing.services import withdraw_work
from generations.tasks import dispatch, stop
from portal.prepared import Arg, Count, Select, insert

SEED_BELOW = 2**32
FEWEST_SECONDS, MOST_SECONDS = 5, 60


class Fit(NamedTuple):
    """The longest clip of one size that what is left is enough for, in seconds and credits."""

    size: str
    duration_seconds: int
    price: int

    @property
    def label(self) -> str:
        return say_size(self.size)


@dataclass(frozen=True)
class Quote:
    """What a clip would cost, in credits, and what would then be left in the tightest window.

    `windows` are those in credits, one's own first: money is between programme and provider.
    `fits` says after a refusal what is possible instead, in the order of the form.
    """

    price: int
    windows: list[Window]
    refusal: str | None
    fits: list[Fit]

    @property
    def tightest(self) -> Window | None:
        return min(self.windows, key=lambda window: window.free, default=None)

    @property
    def free_after(self) -> int | None:
        return self.tightest.free - self.price if self.tightest else None


def quote(*, artist: Artist, video_model: VideoModel, size: str, duration_seconds: int) -> Quote:
    """Say what a clip would cost now. Nothing is held. Raises NotOffered."""
    price = _price(artist, video_model, size=size, duration_seconds=duration_seconds)
    needed = _needed(video_model, size=size, duration_seconds=duration_seconds)
    windows = read_windows(Limit.objects.binding(artist))
    short = [one for one in windows if one.free < needed[Limit.Unit(one.limit.unit)]]
    short.sort(key=lambda one: (one.limit.is_money, one.free))
    refusal = None
    if short:
        refusal = describe(short[0], needed=needed[Limit.Unit(short[0].limit.unit)])
    shown = [one for one in windows if not one.limit.is_money]
    shown.sort(key=lambda one: one.limit.reading_order)
    fits = _fits(video_model, windows) if short else []
    return Quote(price=price, windows=shown, refusal=refusal, fits=fits)


def _needed(video_model: VideoModel, *, size: str, duration_seconds: int) -> dict[Limit.Unit, int]:
    """What a clip of a size with a rate takes of each limit; money that is not known is none."""
    price = video_model.price(size=size, duration_seconds=duration_seconds)
    money = video_model.provider_price(size=size, duration_seconds=duration_seconds)
    return {Limit.Unit.CREDITS: price or 0, Limit.Unit.MONEY: money or 0}


def _fits(video_model: VideoModel, windows: list[Window]) -> list[Fit]:
    longest: dict[str, Fit] = {}
    for size in sorted(video_model.sizes, key=reading_order):
        for seconds in sorted(video_model.durations):
            needed = _needed(video_model, size=size, duration_seconds=seconds)
            if all(one.free >= needed[Limit.Unit(one.limit.unit)] for one in windows):
                longest[size] = Fit(size, seconds, needed[Limit.Unit.CREDITS])
    return list(longest.values())


def submit_prompt(
    *,
    artist: Artist,
    video_model: VideoModel,
    prompt: str,
    size: str,
    duration_seconds: int,
    style: str = "",
    seed: int | None = None,
    first_image: "ContentFile[bytes] | None" = None,
    parent: Generation | None = None,
    token: Token | None = None,
    findings: Findings | None = None,
) -> Generation:
    """Queue one generation, holding the credits that it will cost at today's rate.

    The prompt has passed clean_prompt, the image read_first_image. Without a seed one is drawn.
    `findings` are those of check_prompt, which whoever has opened a transaction asked before it.
    Raises NotOffered, PromptRefused, MembershipEnded, NotInvitedToMake, OutsideCohortDates,
    QueueFull, Paused, QuotaExceeded (of which BudgetUsedUp is one) or FilesAway; then nothing is
    queued, held or stored, but for the word of a refused prompt.
    """
    price = _price(artist, video_model, size=size, duration_seconds=duration_seconds)
    _check_choices(video_model=video_model, style=style, has_image=first_image is not None)
    if findings is None:
        findings = check_prompt(artist=artist, video_model=video_model, prompt=prompt, token=token)
    # What needs no lock comes before the transaction: on SQLite it locks whoever else writes.
    with stored_first(first_image) as image_name, transaction.atomic():
        _check_queue(artist)
        refuse_if_paused(artist=artist, video_model=video_model, token=token)
        generation = Generation(
            artist=artist,
            token=token,
            video_model=video_model,
            parent=parent,
            prompt=prompt,
            style=style or next(iter(video_model.styles), ""),
            size=size,
            duration_seconds=duration_seconds,
            seed=secrets.randbelow(SEED_BELOW) if seed is None else seed,
            first_image=image_name,
            price_credits=price,
            reservation=reserve(
                artist=artist,
                amount=price,
                money=video_model.provider_price(size=size, duration_seconds=duration_seconds),
                token=token,
            ),
        )
        insert(generation)
        insert(Move(generation=generation, to=Status.QUEUED, at=generation.created_at))
        keep_findings(findings, generation)
        dispatch.delay_on_commit()
    return generation


@transaction.atomic
def cancel(generation: Generation) -> None:
    """Call back a generation that is still queued, and refund it. Raises TooLateToCancel."""
    queued = Generation.objects.filter(status=Status.QUEUED)
    if not queued.move(generation.pk, Status.CANCELLED, note="Cancelled by the artist."):
        raise TooLateToCancel
    refund(generation.reservation)


@transaction.atomic
def ask_to_stop(generation: Generation) -> None:
    """Ask for a generation that renders to be stopped; the provider's answer decides how it ends.

    Raises CannotBeStopped. Asked twice, it changes nothing.
    """
    rendering = Generation.objects.standing(Status.RENDERING).filter(
        pk=generation.pk, video_model__provider__in=stoppable_providers()
    )
    if not rendering.exists():
        raise CannotBeStopped
    rendering.filter(cancel_asked_at=None).update(cancel_asked_at=timezone.now())
    stop.delay_on_commit(str(generation.pk))


@transaction.atomic
def remove(generation: Generation) -> None:
    """Remove an ended work from the artist's library, with its files and its public page.

    The row stays without its files, for the ledger and for the decisions about it.
    Raises StillRunning.
    """
    ended = Generation.objects.filter(pk=generation.pk, status__in=ENDED)
    if ended.update(removed_at=timezone.now()) != 1:
        raise StillRunning
    withdraw_work(generation)
    # Where the storage is away, the files are deleted by the tidying.
    transaction.on_commit(lambda: delete_files(generation), robust=True)


def _price(artist: Artist, video_model: VideoModel, *, size: str, duration_seconds: int) -> int:
    if not is_offered(artist, video_model):
        raise NotOffered(_why_not_offered(video_model), field="model")
    price = video_model.price(size=size, duration_seconds=duration_seconds)
    if price is None:
        sizes = ", ".join(video_model.sizes)
        raise NotOffered(f"{video_model.title} makes these sizes: {sizes}.", field="size")
    if duration_seconds not in video_model.durations:
        seconds = ", ".join(map(str, video_model.durations))
        raise NotOffered(
            f"{video_model.title} makes clips of these lengths: {seconds} seconds.",
            field="duration_seconds",
        )
    return price


def _why_not_offered(video_model: VideoModel) -> str:
    if video_model.sunset_on is None or not video_model.is_past_sunset:
        return f"{video_model.title} cannot be chosen now."
    ended = f"{video_model.title} took its last prompts on {date_format(video_model.sunset_on)}."
    successor = video_model.successor
    return f"{ended} Choose {successor.title} ({successor.name}) instead." if successor else ended


def _check_choices(*, video_model: VideoModel, style: str, has_image: bool) -> None:
    if style and style not in video_model.styles:
        styles = ", ".join(video_model.styles) or "none"
        raise NotOffered(f"{video_model.title} has these styles: {styles}.", field="style")
    if has_image and not video_model.takes_first_image:
        raise NotOffered(f"{video_model.title} takes no first image.", field="first_image")


def _check_queue(artist: Artist) -> None:
    """Refuse a prompt past the queue's cap; the artist's row is the lock that makes it exact.

    A lock of no key, as on every row that others refer to: to insert a reference to it takes no
    turn, so a remix and a decision about its parent never wait for each other (PostgreSQL).
    """
    artist = _LOCKED.rows(pk=artist.pk)[0]
    check_membership(artist)
    if artist.cohort is None:
        raise NotInvitedToMake
    if not artist.cohort.is_running:
        raise OutsideCohortDates
    if _QUEUED(artist=artist.pk) >= artist.cohort.queued_cap:
        raise QueueFull(
            cap=artist.cohort.queued_cap, retry_after_seconds=_seconds_until_one_starts(artist)
        )


_LOCKED = Select(
    lambda: (
        Artist.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cohort")
        .filter(pk=Arg("pk", IntegerField()))
    )
)
_QUEUED = Count(
    lambda: (
        Generation.objects.standing(Status.QUEUED)
        .filter(artist=Arg("artist", IntegerField()))
        .values("pk")
    )
)


def _seconds_until_one_starts(artist: Artist) -> int:
    """When the first that waits has probably gone, within what clients are ready to wait."""
    queued = Generation.objects.standing(Status.QUEUED).filter(artist=artist)
    first = queued.select_related("video_model").order_by("pk").first()
    wait = expected_wait(first) if first else None
    return min(max(wait.low_seconds, FEWEST_SECONDS), MOST_SECONDS) if wait else FEWEST_SECONDS
