"""The public API: /api/tokens. A token sees and ends tokens, and never makes or widens one.

What one token could give another would outlive its own revocation, so that is for the artist alone,
on the page, who says first who they are.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from artists.access.errors import TokenNotFound
from artists.access.serializers import TokenListSerializer, TokenSerializer
from artists.access.services import revoke
from artists.models import Artist, Limit, Token
from artists.models.token import Scope
from artists.quotas.windows import credit_windows
from artists.requests import ArtistApiRequest
from portal.api import ApiView, read_query
from portal.api_fields import NumberedPageRequest
from portal.openapi.describing import describe
from portal.paging import page_of

TOKEN_ID = OpenApiParameter(
    "token_id", {"type": "integer", "minimum": 1}, OpenApiParameter.PATH, description="Its `id`."
)
_describe = partial(describe, tag="tokens", refused={404: "You have no such token."})


class TokensView(ApiView):
    scopes = {"get": Scope.ACCOUNT_READ}

    @_describe(
        "listTokens",
        "Your tokens, those that are over too, the newest first; no answer holds a secret. "
        "No token makes a token or changes one: that is done on the page *API tokens*, by "
        "yourself.",
        TokenListSerializer,
        400,
        parameters=(NumberedPageRequest,),
    )
    def get(self, request: ArtistApiRequest) -> Response:
        asked = read_query(request, NumberedPageRequest)
        tokens = Token.objects.filter(artist=request.user).order_by("-pk")
        page = page_of(tokens, **asked)
        _add_windows(page["data"])
        return Response(TokenListSerializer(page).data)


class TokenView(ApiView):
    scopes = {"get": Scope.ACCOUNT_READ, "delete": Scope.TOKENS_REVOKE}

    @_describe("retrieveToken", "One token.", TokenSerializer, 404, parameters=(TOKEN_ID,))
    def get(self, request: ArtistApiRequest, token_id: int) -> Response:
        return _answer(_find(request.user, token_id))

    @_describe(
        "revokeToken",
        "Revoke one of your tokens, this one or another: it is refused from the next request on, "
        "for good. One that was revoked before is answered alike.",
        TokenSerializer,
        *(404, 429),
        parameters=(TOKEN_ID,),
    )
    def delete(self, request: ArtistApiRequest, token_id: int) -> Response:
        revoke(_find(request.user, token_id), by=request.user)
        return _answer(_find(request.user, token_id))


def _find(artist: Artist, token_id: int) -> Token:
    """Return the artist's own token (I7). Raises TokenNotFound."""
    try:
        return Token.objects.select_related("artist").get(artist=artist, pk=token_id)
    except Token.DoesNotExist:
        raise TokenNotFound from None


def _answer(token: Token) -> Response:
    _add_windows([token])
    return Response(TokenSerializer(token).data)


def _add_windows(tokens: Sequence[Token]) -> None:
    """Let each token know the `windows` of its own limits, in four queries for all."""
    windows = defaultdict(list)
    for window in credit_windows(Limit.objects.standing().filter(token__in=tokens)):
        windows[window.limit.token_id].append(window)
    for token in tokens:
        token.windows = windows[token.pk]  # type: ignore[attr-defined]  # for this answer
