"""How a share is shown, as its artist wishes at any time: no picture of it changes by that."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from artists.models import Artist
from generations.media.credentials.copies import replace_public
from generations.models import Share, SignedCopy
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

    A prompt that is hidden leaves the public file too, before the choice holds: it is signed anew.
    `in_portfolio` is None where they have none; a share that is new in it stands first. Raises
    NotOwnShare, AlreadyEnded and, where the file cannot be signed, NotSigned, MasterMissing or
    FilesAway; then nothing of the choice is kept.
    """
    if share.submission.artist_id != artist.pk:
        raise NotOwnShare
    if hides_prompt:
        _leave_prompt_out(share)
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


def _leave_prompt_out(share: Share) -> None:
    """Sign a public file that says the prompt anew, without it and for good."""
    said = SignedCopy.objects.public().filter(
        submission=share.submission_id, says__has_key="prompt"
    )
    related = said.select_related("submission__rendition", "submission__generation__video_model")
    while copy := related.first():  # again where somebody else signed it anew meanwhile
        copy.submission.file_has_prompt = False  # type: ignore[union-attr]  # as it is public
        replace_public(copy)
