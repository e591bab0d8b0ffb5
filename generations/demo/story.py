"""What the people of the demo make, and what becomes of it."""

from contextlib import suppress
from dataclasses import dataclass
from math import cos, sin, tau
from typing import NamedTuple

from django.db import transaction

from artists.models import Artist
from generations.checks.errors import PromptRefused
from generations.models import (
    Generation,
    Ground,
    Opinion,
    RefusedPrompt,
    Review,
    Submission,
    VideoModel,
)
from generations.models.generation import GenerationQuerySet, Status
from generations.models.note import Stroke
from generations.notes.services import pin
from generations.prompts.services import cancel, submit_prompt
from generations.reviews.claiming import claim
from generations.reviews.deciding import decide
from generations.sharing.services import submit


class Pin(NamedTuple):
    """What the reviewer says of a range of frames, and perhaps draws."""

    first_frame: int
    last_frame: int
    text: str
    drawing: list[Stroke]


@dataclass(frozen=True)
class Scene:
    """One clip of the demo: who makes what, and how far it goes towards the public."""

    by: str
    prompt: str
    style: str = "film"
    size: str = "1280x720"
    duration_seconds: int = 4
    seed: int = 7
    title: str = ""
    outcome: Opinion.Outcome | None = None
    ground: str = ""
    reason: str = ""
    words_inside: str = ""
    notes: tuple[Pin, ...] = ()


RING: Stroke = [
    [round(0.28 + 0.13 * cos(tau * part / 24), 4), round(0.53 + 0.075 * sin(tau * part / 24), 4)]
    for part in range(25)
]

# The small ones first: the first clips of a demo are there soon.
SCENES = (
    Scene(
        "tomo",
        "Paper lanterns over a river at night",
        seed=11,
        title="Lanterns",
        outcome=Opinion.Outcome.APPROVE,
    ),
    Scene(
        "vera",
        "A lighthouse in the rain, dusk, slow push in",
        seed=3,
        title="The keeper",
        outcome=Opinion.Outcome.REJECT,
        ground="confidentiality",
        reason="The title names a feature that is not released yet. Please choose another.",
    ),
    Scene(
        "ines",
        "Birds over a golden valley at dawn",
        style="watercolour",
        seed=5,
        title="First light",
        outcome=Opinion.Outcome.APPROVE,
    ),
    Scene(
        "tomo",
        "A neon city street in the rain",
        style="neon",
        size="720x1280",
        seed=21,
        title="After hours",
        outcome=Opinion.Outcome.CHANGES,
        ground="rights",
        reason="The sun over the towers comes close to the cover of a record. Please choose "
        "another take, or say how you came to it.",
        notes=(
            Pin(0, 0, "A fine first frame: nothing to change here.", []),
            Pin(24, 60, "I have seen this sun on a cover.", [RING]),
        ),
    ),
    Scene(
        "vera",
        "Mountains in fog, ink on paper",
        style="ink",
        seed=9,
        title="Nine strokes",
        outcome=Opinion.Outcome.APPROVE,
    ),
    Scene("ines", "Snow falls in a pine forest at dusk", seed=2),
    Scene(
        "tomo",
        "A small boat on a quiet sea, aurora",
        duration_seconds=5,
        seed=8,
        title="Crossing",
    ),
    Scene("ines", "Desert dunes at sunset, camera drifts left", duration_seconds=5, seed=4),
    Scene("vera", "Gore in a dark hall", seed=1),  # the sketch model refuses this one
    Scene(
        "vera",
        "A galaxy turning slowly, far planet",
        duration_seconds=8,
        seed=6,
        title="Orbit",
        outcome=Opinion.Outcome.ESCALATE,
        words_inside="The planet is close to the mark of a studio I work for. Not mine to judge.",
    ),
    Scene(
        "tomo",
        "Balloons over a village, summer morning",
        style="watercolour",
        size="1920x1080",
        seed=12,
    ),
    Scene(
        "ines",
        "The sea breathes under a full moon",
        size="1920x1080",
        duration_seconds=10,
        seed=14,
    ),
)
SET_OF_TWO = (
    "Snow falls in a pine forest at dusk",
    "Desert dunes at sunset, camera drifts left",
)  # scenes that are submitted together
REFUSED = Scene("tomo", "Charlie Chaplin juggles lanterns by a canal")  # by the demo's rule
CANCELLED = Scene("ines", "A prompt that was thought better of", seed=13)


def queue_scenes(people: dict[str, Artist]) -> None:
    """Queue what is not there yet: scenes are known by their artist and prompt."""
    for scene in SCENES:
        if not _clips(scene, people).exists():
            _make(scene, people)
    if not _clips(CANCELLED, people).exists():
        cancel(_make(CANCELLED, people))
    if not RefusedPrompt.objects.filter(artist=people[REFUSED.by]).exists():
        with suppress(PromptRefused):
            _make(REFUSED, people)


def carry_on(people: dict[str, Artist]) -> bool:
    """Take each scene as far as it can go now; True when all have come to their end."""
    ended = [_advance(scene, people) for scene in SCENES]
    return all(ended)


def _advance(scene: Scene, people: dict[str, Artist]) -> bool:
    generation = _clips(scene, people).order_by("pk").first()
    if generation is None or generation.is_active:
        return generation is None
    if generation.status != Status.READY or generation.removed_at or not scene.title:
        return True
    submission = Submission.objects.filter(generation=generation).order_by("pk").first()
    if submission is None:
        submission = submit(
            generation=generation,
            title=scene.title,
            note="",
            credit_name=generation.artist.credit_name,
            show_prompt=True,
        )
    review = submission.review
    is_new = review.status == Review.Status.WAITING and not review.opinions.exists()
    if scene.outcome and is_new:
        _decide(scene, submission, outcome=scene.outcome, reviewer=people["rosa"])
    return True


@transaction.atomic
def _decide(
    scene: Scene, submission: Submission, *, outcome: Opinion.Outcome, reviewer: Artist
) -> None:
    claim(review=submission.review, reviewer=reviewer)
    for note in scene.notes:
        pin(submission=submission, author=reviewer, **note._asdict())
    ground = Ground.objects.in_force().get(code=scene.ground) if scene.ground else None
    decide(
        review=submission.review,
        reviewer=reviewer,
        outcome=outcome,
        ground=ground,
        reason=scene.reason,
        words_inside=scene.words_inside,
    )


def _make(scene: Scene, people: dict[str, Artist]) -> Generation:
    return submit_prompt(
        artist=people[scene.by],
        video_model=VideoModel.objects.get(name="sketch-1"),
        prompt=scene.prompt,
        style=scene.style,
        size=scene.size,
        duration_seconds=scene.duration_seconds,
        seed=scene.seed,
    )


def _clips(scene: Scene, people: dict[str, Artist]) -> GenerationQuerySet:
    return Generation.objects.filter(artist=people[scene.by], prompt=scene.prompt)
