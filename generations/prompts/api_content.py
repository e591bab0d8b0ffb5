"""The files of a video."""

from django.db.models import CharField, UUIDField
from django.http import HttpResponseBase

from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.media import delivery
from generations.media.credentials.copies import private_copy
from generations.models import Rendition
from generations.prompts import openapi
from generations.prompts.api_errors import VideoNotReady
from generations.prompts.own import find_video
from generations.prompts.serializers import ContentRequest
from portal.api import ApiView
from portal.prepared import Arg, Select

VARIANTS = {
    "video": Rendition.Kind.MASTER,
    "thumbnail": Rendition.Kind.POSTER,
    "spritesheet": Rendition.Kind.FILMSTRIP,
}

CONTENT = ContentRequest()  # for all requests: it keeps nothing of any

_RENDITION = Select(
    lambda: Rendition.objects.filter(
        generation=Arg("generation", UUIDField()), kind=Arg("kind", CharField())
    )
)


class VideoContentView(ApiView):
    scopes = {"get": Scope.VIDEOS_READ}

    @openapi.describe_content
    def get(self, request: ArtistApiRequest, video_id: str) -> HttpResponseBase:
        generation = find_video(request.user, video_id)
        generation.artist = request.user  # whose it is, and so need not be read
        variant = CONTENT.run_validation(request.query_params.dict())["variant"]
        rendition = _RENDITION.first(generation=generation.pk, kind=VARIANTS[variant])
        if not generation.is_ready or rendition is None:
            state = generation.get_status_display().lower()
            raise VideoNotReady(f"This video has no {variant} to download; its state: {state}.")
        rendition.generation = generation
        suffix = Rendition.SUFFIXES[rendition.kind]
        filename = f"{video_id}{suffix}"
        is_video = rendition.kind == Rendition.Kind.MASTER
        file = private_copy(rendition) if is_video else rendition
        return delivery.serve(request._request, file, filename=filename)
