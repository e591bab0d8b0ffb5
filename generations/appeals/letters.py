"""Letters about appeals: written down with what they tell of, and sent by a worker."""

from datetime import timedelta

from django.utils import timezone

from artists.models import Artist
from generations.models import Appeal, AppealLetter
from generations.tasks import tell

DIGEST = timedelta(hours=1)  # messages written within it are told in one letter


def write_letter(appeal: Appeal, *, to: Artist, kind: AppealLetter.Kind) -> None:
    """Have a letter sent once this transaction stands."""
    letter = AppealLetter.objects.create(appeal=appeal, to=to, kind=kind, not_before=timezone.now())
    tell.delay_on_commit("appeal", letter.pk)


def announce_message(appeal: Appeal, *, to: Artist) -> None:
    """Have somebody told of a new message: at once, or with those that come until the next letter.

    Of two at the same time one writes the letter, for they hold the appeal's row.
    """
    letters = AppealLetter.objects.filter(
        appeal=appeal, to=to, kind=AppealLetter.Kind.MESSAGES
    ).order_by("-pk")
    last = letters.first()
    if last is not None and last.told_at is None:
        return
    now = timezone.now()
    not_before = max(now, last.told_at + DIGEST) if last and last.told_at else now
    letter = letters.create(
        appeal=appeal, to=to, kind=AppealLetter.Kind.MESSAGES, not_before=not_before
    )
    if not_before == now:
        tell.delay_on_commit("appeal", letter.pk)
