"""How a share is shown, as its artist wishes at any time: it changes no byte that was approved."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from artists.models import Artist
from generations.models import Share
from generations.sharing.errors import AlreadyEnded, NotOwnShare


def choose(
    share: Share,
    *,
    artist: Artist,
    in_gallery: bool,
    is_findable: bool,
    allows_embedding: bool,
    allows_download: bool,
    hides_prompt: bool,
    in_portfolio: bool | None,
    expires_at: datetime | None,
    new_password: str = "",
    removes_password: bool = False,
) -> None:
    """Keep what an artist chose for a live share; it holds from the next request on.

    `in_portfolio` is None where they have none; a share that is new in it stands first. Raises
    NotOwnShare, AlreadyEnded.
    """
    if share.submission.artist_id != artist.pk:
        raise NotOwnShare
    chosen: dict[str, Any] = {
        "in_gallery": in_gallery,
        "is_findable": is_findable,
        "allows_embedding": allows_embedding,
        "allows_download": allows_download,
        "hides_prompt": hides_prompt,
        "expires_at": expires_at,
    }
    if new_password:
        chosen["password"] = make_password(new_password)
    elif removes_password:
        chosen["password"] = ""
    if in_portfolio is not None and in_portfolio != (share.place is not None):
        chosen["place"] = 0 if in_portfolio else None
    if not Share.objects.live().filter(pk=share.pk).update(**chosen):
        raise AlreadyEnded
