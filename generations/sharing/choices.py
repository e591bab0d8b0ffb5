"""How a share is shown, as its artist wishes at any time: no picture of it changes by that."""

from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.media.credentials.copies import replace_public
from generations.models import Portfolio, Share, SignedCopy
from generations.sharing.errors import AlreadyEnded, NoPortfolio, NotOwnShare, PromptNotApproved
from portal import audit

PASSWORD_MIN_CHARS = 8
PASSWORD_MAX_CHARS = 128
FARTHEST = timedelta(days=36_525)


class Choices(TypedDict, total=False):
    """Columns of a share that are its artist's to choose; what is left out stays."""

    in_gallery: bool
    is_findable: bool
    allows_embedding: bool
    allows_download: bool
    hides_prompt: bool
    expires_at: datetime | None


def choose(
    share: Share,
    *,
    artist: Artist,
    in_portfolio: bool | None = None,
    new_password: str = "",
    removes_password: bool = False,
    **choices: Unpack[Choices],
) -> None:
    """Keep what an artist chose for a live share; it holds from the next request on.

    A share that is new in the portfolio stands first. A prompt that is hidden leaves the public
    file too, before the choice holds: it is signed anew. Raises NotOwnShare, NoPortfolio,
    PromptNotApproved, AlreadyEnded and, where the file cannot be signed, NotSigned, MasterMissing
    or FilesAway; then nothing of the choice is kept.
    """
    if share.submission.artist_id != artist.pk:
        raise NotOwnShare
    if in_portfolio and not Portfolio.objects.filter(artist=artist).exists():
        raise NoPortfolio
    if choices.get("hides_prompt") is False and not share.submission.show_prompt:
        raise PromptNotApproved
    chosen: dict[str, Any] = dict(choices)
    if new_password or removes_password:
        chosen["password"] = make_password(new_password) if new_password else ""
    if choices.get("hides_prompt"):
        _leave_prompt_out(share)
    _keep(share, chosen, artist=artist, in_portfolio=in_portfolio)


def check_expiry(at: datetime) -> None:
    """Raise ValidationError for a moment until which nothing can be shown."""
    if not timezone.now() < at < timezone.now() + FARTHEST:
        raise ValidationError("Choose a moment that is yet to come, in a hundred years at most.")


@transaction.atomic
def _keep(
    share: Share, chosen: dict[str, Any], *, artist: Artist, in_portfolio: bool | None
) -> None:
    live = Share.objects.live().filter(pk=share.pk)
    before = live.select_for_update(no_key=True).first()
    if before is None:
        raise AlreadyEnded
    if in_portfolio is not None and in_portfolio != (before.place is not None):
        chosen["place"] = 0 if in_portfolio else None
    changed = {name: to for name, to in chosen.items() if to != getattr(before, name)}
    if not changed:
        return
    live.update(**changed)
    facts = {
        name: {"before": _fact(name, getattr(before, name)), "after": _fact(name, to)}
        for name, to in changed.items()
    }
    audit.record("share.changed", actor=artist, subject=share, facts=facts)


def _fact(name: str, value: Any) -> Any:
    """What the audit trail keeps of it: of a password only whether there was one."""
    return bool(value) if name == "password" else value


def _leave_prompt_out(share: Share) -> None:
    """Sign a public file that says the prompt anew, without it and for good."""
    said = SignedCopy.objects.public().filter(
        submission=share.submission_id, says__has_key="prompt"
    )
    related = said.select_related("submission__rendition", "submission__generation__video_model")
    while copy := related.first():  # again where somebody else signed it anew meanwhile
        copy.submission.file_has_prompt = False  # type: ignore[union-attr]  # as it is public
        replace_public(copy)
