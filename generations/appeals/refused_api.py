"""The public API: /api/refused_prompts, what the checks refused before it cost anything."""

from functools import partial
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.appeals.refused import own_refused
from generations.appeals.serializers import RefusedPromptListSerializer, RefusedPromptSerializer
from generations.models import RefusedPrompt
from portal.api import ApiView, read_query
from portal.api_fields import UuidPageRequest
from portal.openapi.describing import describe
from portal.paging import page_of

REFUSED_ID = OpenApiParameter("refused_id", {"type": "string", "format": "uuid"}, "path")
_describe = partial(
    describe, tag="refused prompts", refused={404: "You have no such refused prompt."}
)


class RefusedPromptsView(ApiView):
    scopes = {"get": Scope.VIDEOS_READ}

    @_describe(
        "listRefusedPrompts",
        "Your prompts that the checks refused, the newest first. None of them cost anything.",
        RefusedPromptListSerializer,
        400,
        parameters=(UuidPageRequest,),
    )
    def get(self, request: ArtistApiRequest) -> Response:
        asked = read_query(request, UuidPageRequest)
        refused = RefusedPrompt.objects.visible_to(request.user).with_appeals()
        page = page_of(refused, **asked)
        return Response(RefusedPromptListSerializer(page).data)


class RefusedPromptView(ApiView):
    scopes = {"get": Scope.VIDEOS_READ}

    @_describe(
        "retrieveRefusedPrompt",
        "One refused prompt: what refused it on which ground, and until when you may appeal.",
        RefusedPromptSerializer,
        404,
        parameters=(REFUSED_ID,),
    )
    def get(self, request: ArtistApiRequest, refused_id: UUID) -> Response:
        return Response(RefusedPromptSerializer(own_refused(request.user, refused_id)).data)
