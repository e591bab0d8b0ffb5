"""Drafts that nobody keeps: they are announced by a letter, and removed when its time is over.

A draft is a finished clip that was never submitted. Nothing of an artist is removed who could not
keep it: who has left, whose account is closed, who is paused from looking at their work, or is
having an archive made.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from artists.models import Artist, Departure, Pause
from generations.media.tidying import delete_files
from generations.models import Archive, Generation, RemovalNotice, Submission
from generations.models.generation import GenerationQuerySet
from generations.retention.errors import NoDraft

AT_ONCE = 200


def keep(generation: Generation) -> None:
    """Let a finished clip stay for good. Raises NoDraft."""
    if not generation.is_ready:
        raise NoDraft
    Generation.objects.keep(generation.pk)


@transaction.atomic
def let_go(generation: Generation) -> None:
    """Let a clip be a draft again, with a new notice in its time. Raises NoDraft."""
    # Who submits it locks it too.
    work = Generation.objects.select_for_update(no_key=True).get(pk=generation.pk)
    if not work.is_ready or Submission.objects.filter(generation=work).exists():
        raise NoDraft
    Generation.objects.filter(pk=work.pk).update(kept_at=None)


def announce() -> list[int]:
    """Set the day of removal of drafts whose time has come, and return the letters to be sent.

    One letter an artist: it names what goes in the days of notice that follow too. Where drafts
    are not removed any more, what was announced is void.
    """
    if not settings.DRAFT_DAYS:
        announced = Generation.objects.drafts().filter(removal_at__isnull=False)
        announced.update(removal_at=None, removal_notice=None)
        RemovalNotice.objects.all().delete()
        return []
    due = _unannounced().filter(~_is_busy()).order_by("finished_at")
    artists = set(due.values_list("artist", flat=True)[:AT_ONCE])
    letters = [_announce(artist_id) for artist_id in sorted(artists)]
    return [letter.pk for letter in letters if letter is not None]


def remove_due() -> int:
    """Remove drafts whose day has come, AT_ONCE at most; return how many were looked at.

    What was announced of drafts whose artist is kept from them on that day is void: they are
    announced anew, with a letter and its days, once their artist can keep them again.
    """
    if not settings.DRAFT_DAYS:
        return 0
    due_now = Generation.objects.drafts().filter(removal_at__lte=timezone.now())
    due_now.filter(_is_barred()).update(removal_at=None, removal_notice=None)
    told = Generation.objects.drafts().filter(
        removal_at__lte=timezone.now(), removal_notice__told_at__isnull=False
    )
    due = told.filter(~_is_busy()).order_by("removal_at").values_list("pk", flat=True)
    works = list(due[:AT_ONCE])
    for work_id in works:
        _remove(work_id)
    left = Generation.objects.drafts().filter(removal_notice=OuterRef("pk"))
    RemovalNotice.objects.filter(~Exists(left), told_at__isnull=False).delete()
    return len(works)


@transaction.atomic
def _announce(artist_id: int) -> RemovalNotice | None:
    Artist.objects.select_for_update(no_key=True).get(pk=artist_id)  # of two workers one does it
    notice_days = timedelta(days=settings.DRAFT_NOTICE_DAYS)
    drafts = _unannounced(ahead=notice_days).filter(artist=artist_id)
    if not drafts.exists():
        return None
    notice = RemovalNotice.objects.create(artist_id=artist_id)
    days, earliest = timedelta(days=settings.DRAFT_DAYS), timezone.now() + notice_days
    drafts.filter(finished_at__lte=earliest - days).update(
        removal_at=earliest, removal_notice=notice
    )
    drafts.update(removal_at=F("finished_at") + days, removal_notice=notice)
    return notice


def _unannounced(*, ahead: timedelta = timedelta()) -> GenerationQuerySet:
    """Drafts whose notice is due by now, or a while ahead."""
    age = timedelta(days=settings.DRAFT_DAYS - settings.DRAFT_NOTICE_DAYS)
    return Generation.objects.drafts().filter(
        removal_at=None, finished_at__lte=timezone.now() - age + ahead
    )


@transaction.atomic
def _remove(work_id: UUID) -> None:
    """Remove one draft as its artist would, if it still is one and they could still keep it."""
    now = timezone.now()
    draft = Generation.objects.drafts().filter(pk=work_id, removal_at__lte=now)
    # Not asked by the UPDATE: with what is joined in it, PostgreSQL would not see that the artist
    # has kept the clip while it waited for them.
    if draft.filter(_is_busy()).exists():
        return
    if draft.update(removed_at=now, removal_notice=None) == 1:
        # Where the storage is away, the files are deleted by the tidying.
        work = Generation.objects.get(pk=work_id)
        transaction.on_commit(partial(delete_files, work), robust=True)


def _is_busy() -> Q:
    """Whether the artist of an outer query's work cannot look at it now, or is taking it along."""
    return _is_barred() | Q(Exists(Archive.objects.being_made().filter(artist=OuterRef("artist"))))


def _is_barred() -> Q:
    """Whether the artist of an outer query's work cannot look at it now."""
    artist = OuterRef("artist")
    pauses = Pause.objects.in_force().touching(artist=artist, cohort=OuterRef("artist__cohort"))
    return (
        Q(artist__is_active=False)
        | Q(Exists(Departure.objects.in_force().filter(artist=artist)))
        | Q(Exists(pauses.filter(allows_looking=False)))
    )
