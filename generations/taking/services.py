"""Asking for an archive."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.models import Archive
from generations.taking.errors import MadeJustNow

AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def ask(artist: Artist) -> Archive:
    """Return the artist's archive that is being made; where there is none, have one made.

    The schedule begins it within seconds. Raises MadeJustNow within ten minutes of the last.
    """
    Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)  # two requests make one
    own = Archive.objects.filter(artist=artist)
    being_made = own.being_made().first()
    if being_made is not None:
        return being_made
    last = own.to_take().order_by("-pk").first()
    if last is not None and last.made_at is not None:
        again_at = last.made_at + AGAIN_AFTER
        if again_at > timezone.now():
            raise MadeJustNow(again_at=again_at)
    return Archive.objects.create(artist=artist)
