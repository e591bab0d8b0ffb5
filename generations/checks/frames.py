"""Checking the pictures of a finished clip, by the moderation server where there is one.

A machine refuses nothing that has cost something: pictures pass or are flagged, and a reviewer
decides.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from generations.checks import moderation
from generations.checks.findings import Finding, keep
from generations.checks.flagging import flag_reviews
from generations.checks.moderation import NotChecked, Word
from generations.checks.thresholds import judge, not_checked
from generations.media.bad_media import BadMedia
from generations.media.scratch import scratch_folder
from generations.media.stills import take_stills
from generations.media.storage import on_disk
from generations.models import Check, FramesDue, Generation, Rendition, Threshold

CLAIM_SECONDS = 150  # longer than the stills and five calls may take
ENOUGH_TRIES = 6
REST_SECONDS, REST_MAX_SECONDS = 20, 900
AT_ONCE = 100

logger = logging.getLogger(__name__)


def due() -> list[UUID]:
    """Clips whose pictures wait to be checked, the longest first."""
    return list(FramesDue.objects.due().values_list("pk", flat=True)[:AT_ONCE])


def check_frames(generation_id: UUID) -> None:
    """Check the pictures of one clip, once. What cannot be reached is tried again, then flagged."""
    if not FramesDue.objects.claim(generation_id, seconds=CLAIM_SECONDS):
        return
    waiting = FramesDue.objects.select_related("generation__artist").get(pk=generation_id)
    if waiting.generation.removed_at is not None or not moderation.is_set_up():
        waiting.delete()
        return
    try:
        word = _gravest(_moderated(waiting.generation))
    except NotChecked as why:
        if waiting.tries < ENOUGH_TRIES:
            _try_again(waiting, why)
            return
        finding = not_checked(why)
    except BadMedia as bad:
        finding = not_checked(NotChecked(bad.message))
    except OSError as error:
        if waiting.tries < ENOUGH_TRIES:
            raise  # its claim runs out, and the schedule comes again
        logger.exception("the pictures of %s cannot be read", generation_id)
        finding = not_checked(NotChecked(f"Its files could not be read ({type(error).__name__})."))
    else:
        finding = judge(word, Threshold.objects.binding(waiting.generation.artist.cohort_id))
    _write_down(waiting, finding)


@transaction.atomic
def _write_down(waiting: FramesDue, finding: Finding) -> None:
    """Keep the finding and end the wait, both or neither; of two workers, one does."""
    # A submission locks the work too, so that each of the two sees what the other did.
    Generation.objects.select_for_update(no_key=True).only("pk").get(pk=waiting.pk)
    if not FramesDue.objects.filter(pk=waiting.pk, tries=waiting.tries).delete()[0]:
        return
    keep([finding], stage=Check.Stage.FRAMES, generation=waiting.generation)
    if finding.outcome != Check.Outcome.PASS:
        flag_reviews(waiting.generation)


def _try_again(waiting: FramesDue, why: NotChecked) -> None:
    pause = min(REST_SECONDS * 2 ** (waiting.tries - 1), REST_MAX_SECONDS)
    due_at = timezone.now() + timedelta(seconds=max(pause, why.retry_after_seconds))
    FramesDue.objects.filter(pk=waiting.pk, tries=waiting.tries).update(due_at=due_at)


def _gravest(words: Iterable[Word]) -> Word:
    """One word for all pictures: of each category the highest score."""
    scores: dict[str, float] = {}
    model = ""
    for word in words:
        model = word.model
        for category, score in word.scores.items():
            scores[category] = max(score, scores.get(category, 0.0))
    return Word(scores, model)


def _moderated(generation: Generation) -> Iterator[Word]:
    """The server's word on the poster and on stills of the proxy. Raises NotChecked, BadMedia."""
    files = {one.kind: one for one in generation.renditions.all()}
    poster, proxy = files.get(Rendition.Kind.POSTER), files.get(Rendition.Kind.PROXY)
    if poster is None or proxy is None:
        raise BadMedia("missing", "Its files are not there.")
    with scratch_folder() as folder, on_disk(proxy.file, max_bytes=proxy.size_bytes) as source:
        stills = take_stills(source, folder)
    with poster.file.open() as file:
        yield moderation.moderate_image(file.read(), content_type=poster.content_type)
    for still in stills:
        yield moderation.moderate_image(still, content_type="image/jpeg")
