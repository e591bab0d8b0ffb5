"""Keeping a profile."""

from functools import partial
from typing import TypedDict, Unpack

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from artists.models import Artist


class Profile(TypedDict, total=False):
    """Columns of an artist that are theirs to write, beside the picture; what is left out stays."""

    credit_name: str
    pronouns: str
    links: list[str]
    time_zone: str
    mail_decisions: bool
    mail_webhooks: bool
    file_has_name: bool
    file_has_prompt: bool
    file_allows_training: bool


@transaction.atomic
def save_profile(
    artist: Artist,
    *,
    picture: ContentFile | None,
    removes_picture: bool,
    **profile: Unpack[Profile],
) -> None:
    """Keep a profile that passed its form, and the picture where there is one.

    The file of the picture before is deleted once the new one stands.
    """
    stored = Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
    before = stored.picture.name
    for name, value in profile.items():
        setattr(stored, name, value)
    if picture is not None:
        stored.picture = default_storage.save(str(picture.name), picture)
    elif removes_picture:
        stored.picture = ""
    stored.save(update_fields=[*profile, "picture"])
    if before and before != stored.picture.name:
        # Or else the tidying does.
        transaction.on_commit(partial(default_storage.delete, before), robust=True)
