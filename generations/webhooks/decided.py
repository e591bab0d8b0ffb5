"""What a webhook says of a decision."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from generations.ids import write_video_id
from generations.links import absolute
from generations.models import Decision, Note
from generations.models.appeal import last_moment_to_appeal


def decided(decision: Decision) -> dict[str, Any]:
    """Return the `data` of `submission.decided`: what was decided, on what ground, and why.

    `frames` are the notes on frames that the artist is told, `appeal_until` the last second in
    which a refusal may be appealed against; None where nothing was refused.
    """
    submission, ground = decision.submission, decision.ground
    share = getattr(submission, "share", None)
    is_refused = decision.outcome != Decision.Outcome.APPROVE
    until = last_moment_to_appeal(decision.created_at) if is_refused else None
    told = Note.objects.told().filter(submission=submission).along_the_clip()
    return {
        "id": str(submission.pk),
        "video_id": write_video_id(submission.generation_id),
        "outcome": decision.outcome,
        "ground": ground and {"code": ground.code, "version": ground.version},
        "reason": decision.reason,
        "frames": list(told.values("first_frame", "last_frame", "text")),
        "decided_at": int(decision.created_at.timestamp()),
        "share_url": settings.PUBLIC_URL + share.get_absolute_url() if share else None,
        "appeal_until": until and int(until.timestamp()),
        "page_url": absolute(submission.generation.get_absolute_url()),
        "grounds_url": absolute(reverse("generations:grounds")),
    }
