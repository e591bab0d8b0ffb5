"""What a webhook says of a decision."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from generations.ids import write_video_id
from generations.links import absolute
from generations.models import Decision


def decided(decision: Decision) -> dict[str, Any]:
    """Return the `data` of `submission.decided`: what was decided, on what ground, and why."""
    submission, ground = decision.submission, decision.ground
    share = getattr(submission, "share", None)
    return {
        "id": str(submission.pk),
        "video_id": write_video_id(submission.generation_id),
        "outcome": decision.outcome,
        "ground": ground and {"code": ground.code, "version": ground.version},
        "reason": decision.reason,
        "decided_at": int(decision.created_at.timestamp()),
        "share_url": settings.PUBLIC_URL + share.get_absolute_url() if share else None,
        "page_url": absolute(submission.generation.get_absolute_url()),
        "grounds_url": absolute(reverse("generations:grounds")),
    }
