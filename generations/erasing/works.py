"""Erasing what somebody made: files and words, but for what stays public."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from artists.models import Artist, Departure
from generations.erasing.shares import NO_NAME
from generations.judging.ending import withdraw_share
from generations.media.credentials.copies import delete_copies
from generations.media.storage import discard
from generations.media.tidying import delete_files
from generations.models import (
    Appeal,
    AppealMessage,
    Check,
    Decision,
    Generation,
    IdempotencyKey,
    Note,
    Opinion,
    RefusedPrompt,
    Render,
    Rendition,
    Report,
    SavedView,
    Share,
    SignedCopy,
    Submission,
    SubmissionSet,
    Turn,
    WebhookEndpoint,
)
from generations.models.generation import ENDED, GenerationQuerySet

ERASED = "Erased"  # in the place of words that the database wants
PUBLIC_KINDS = (Rendition.Kind.MASTER, Rendition.Kind.POSTER, Rendition.Kind.FILMSTRIP)


def erase_works(artist: Artist) -> bool:
    """Erase every work that has ended; False while one is still being made."""
    own = Generation.objects.filter(artist=artist)
    left = own.filter(Q(removed_at=None) | Q(files_deleted_at=None), status__in=ENDED)
    for work_id in list(left.values_list("pk", flat=True)):
        work = Generation.objects.get(pk=work_id)
        if _is_public(work):
            _keep_public_part(work)
        else:
            erase_work(work)
    own.filter(removed_at__isnull=False).exclude(prompt="").update(prompt="")
    return not own.exclude(status__in=ENDED).exists()


def erase_closed() -> None:
    """Erase works whose artist is erased and whose public page was closed since."""
    erased = Departure.objects.exclude(erased_at=None).values("artist")
    for share in Share.objects.expired().filter(submission__artist__in=erased):
        withdraw_share(share.pk)  # nobody is left to show it longer
    of_erased: GenerationQuerySet = Generation.objects.filter(artist__in=erased, removed_at=None)
    live = Share.objects.live().filter(submission__generation=OuterRef("pk"))
    for work in of_erased.filter(~Exists(live)):
        erase_work(work)
        erase_words(work.artist)


def erase_work(work: Generation) -> None:
    """Delete a work's files, and what was asked for; its row stays for the ledger.

    It is removed first, so that nobody makes another file of it meanwhile. Raises OSError where the
    storage does not answer; then the files are deleted by the next pass, or by the tidying.
    """
    standing = Generation.objects.filter(pk=work.pk, removed_at=None)
    standing.update(prompt="", removed_at=timezone.now())
    delete_files(work)


@transaction.atomic
def erase_words(artist: Artist) -> None:
    """Erase titles, notes and reasons, but what live public pages show; and what programs left."""
    own = Submission.objects.filter(artist=artist)
    own.update(note="", destination="")
    RefusedPrompt.objects.filter(artist=artist).update(prompt="", prompt_sha256="")
    Check.objects.filter(Q(generation__artist=artist) | Q(refused__artist=artist)).delete()
    live = Share.objects.live().filter(submission__artist=artist)
    own.exclude(share__in=live).update(title=ERASED, credit_name=NO_NAME)
    Note.objects.filter(submission__artist=artist).delete()
    decisions = Decision.objects.filter(artist=artist).exclude(reason="")
    decisions.update(reason=ERASED)
    opinions = Opinion.objects.filter(artist=artist)
    opinions.exclude(reason="").update(reason=ERASED)
    opinions.exclude(words_inside="").update(words_inside=ERASED)
    SubmissionSet.objects.filter(artist=artist).update(title=ERASED)
    Appeal.objects.filter(artist=artist).update(text=ERASED)
    AppealMessage.objects.filter(appeal__artist=artist).update(text=ERASED)
    Share.objects.filter(submission__artist=artist).exclude(reason="").update(reason=ERASED)
    Report.objects.filter(share__submission__artist=artist).exclude(text="").update(text=ERASED)
    WebhookEndpoint.objects.filter(artist=artist).delete()
    IdempotencyKey.objects.filter(artist=artist).delete()
    SavedView.objects.filter(reviewer=artist).delete()
    Turn.objects.filter(artist=artist).delete()


def _is_public(work: Generation) -> bool:
    return Share.objects.live().filter(submission__generation=work).exists()


def _keep_public_part(work: Generation) -> None:
    """Leave of a work what its public page shows: its files, and the prompt if it shows that."""
    renders = Render.objects.filter(generation=work).exclude(file="")
    others = work.renditions.exclude(kind__in=PUBLIC_KINDS).exclude(file="")
    discard(made.file for made in [*renders, *others])
    discard([work.first_image])
    delete_copies(work, but=SignedCopy.objects.public().filter(generation=work).first())
    renders.update(file="")
    others.update(file="")
    shown = Q(
        submissions__share__status=Share.Status.LIVE,
        submissions__share__hides_prompt=False,
        submissions__show_prompt=True,
    )
    row = Generation.objects.filter(pk=work.pk)
    row.update(first_image=None)
    if not row.filter(shown).exists():
        row.update(prompt="")
