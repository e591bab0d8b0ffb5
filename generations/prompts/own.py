"""An artist's own videos, as the API finds them (I7)."""

from django.db.models import IntegerField, UUIDField

from artists.models import Artist
from generations.ids import read_video_id
from generations.models import Generation
from generations.models.generation import GenerationQuerySet
from generations.prompts.api_errors import VideoNotFound
from portal.prepared import Arg, Select


def own_videos(artist: Artist | Arg) -> GenerationQuerySet:
    """Everything that an answer about a video says, in one query."""
    return Generation.objects.visible_to(artist).select_related("video_model", "parent")


_OWN_VIDEO = Select(
    lambda: own_videos(Arg("artist", IntegerField())).filter(pk=Arg("pk", UUIDField()))
)


def find_video(artist: Artist, video_id: str) -> Generation:
    """Return the artist's own video; another's is as unknown as one that never was.

    Raises VideoNotFound.
    """
    generation_id = read_video_id(video_id)
    if generation_id is None:
        raise VideoNotFound
    video = _OWN_VIDEO.first(artist=artist.pk, pk=generation_id)
    if video is None:
        raise VideoNotFound
    return video
