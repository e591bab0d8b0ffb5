"""Which copy of a clip its artist's own page plays. A review and a public page play the master."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from generations.models import Generation, Rendition

FULL, DRAFT = "full", "draft"  # of ?clip=


@dataclass(frozen=True)
class Playing:
    """The copy that plays, and where it lies; `other` is the ?clip= that plays the other one."""

    clip: Rendition
    url: str
    is_draft: bool
    other: str


def choose_copy(
    request: HttpRequest, generation: Generation, renditions: Sequence[Rendition]
) -> Playing | None:
    """Play the master, or the small draft where that is asked for, or spares a phone its line.

    `other` is empty where nobody needs the choice. None while there is nothing to play.
    """
    of_kind = {rendition.kind: rendition for rendition in renditions}
    master, draft = of_kind.get(Rendition.Kind.MASTER), of_kind.get(Rendition.Kind.PROXY)
    if master is None:
        return None
    asked = request.GET.get("clip")
    if draft and (asked == DRAFT or (asked != FULL and _spares(request))):
        return Playing(draft, generation.proxy_url, is_draft=True, other=FULL)
    offers_draft = draft and (asked == FULL or _spares(request))
    return Playing(
        master, generation.video_url, is_draft=False, other=DRAFT if offers_draft else ""
    )


def _spares(request: HttpRequest) -> bool:
    """Whether a browser says that it is a phone's, or asks to be sent little."""
    says = request.headers
    return says.get("Save-Data", "").lower() == "on" or says.get("Sec-CH-UA-Mobile") == "?1"
