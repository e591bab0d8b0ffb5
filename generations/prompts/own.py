"""An artist's own videos, as the API finds them (I7)."""

from artists.models import Artist
from generations.ids import read_video_id
from generations.models import Generation
from generations.models.generation import GenerationQuerySet
from generations.prompts.api_errors import VideoNotFound


def own_videos(artist: Artist) -> GenerationQuerySet:
    """Everything that an answer about a video says, in one query."""
    return Generation.objects.visible_to(artist).select_related("video_model", "parent")


def find_video(artist: Artist, video_id: str) -> Generation:
    """Return the artist's own video; another's is as unknown as one that never was.

    Raises VideoNotFound.
    """
    generation_id = read_video_id(video_id)
    if generation_id is None:
        raise VideoNotFound
    try:
        return own_videos(artist).get(pk=generation_id)
    except Generation.DoesNotExist:
        raise VideoNotFound from None
