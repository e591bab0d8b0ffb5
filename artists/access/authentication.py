"""A program shows who it acts for: `Authorization: Bearer grm_…`."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from artists.access.errors import refusal
from artists.access.tokens import parse
from artists.models import Artist, Pause, Token

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema  # which reads the settings that name us


class TokenAuthentication(BaseAuthentication):
    """Look the token up by its hash on each request, so that a revocation holds at once (I8).

    A token that cannot be or is not ours gets one and the same answer; the owner of a real one
    is told that it has expired, was revoked or is paused.
    """

    @sensitive_variables("scheme", "plaintext", "header")
    def authenticate(self, request: Request) -> tuple[Artist, Token] | None:
        header = get_authorization_header(request).decode("latin-1").split(maxsplit=1)
        if not header or header[0].lower() != "bearer":
            return None
        plaintext = header[1].strip() if len(header) == 2 else ""
        token = self._find(parse(plaintext))
        Token.objects.touch(token)
        if token.is_paused:
            _refuse_if_paused(token, is_safe=request.method in SAFE_METHODS)
        return token.artist, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Greenroom"'

    def _find(self, sha256: str | None) -> Token:
        found = Token.objects.with_pauses().with_terms().select_related("artist__cohort")
        try:
            token = found.get(sha256=sha256)
        except Token.DoesNotExist:
            raise AuthenticationFailed(
                "This is not a token of ours.", code="invalid_api_key"
            ) from None
        if token.revoked_at:
            raise AuthenticationFailed("This token was revoked.", code="token_revoked")
        if token.expires_at <= timezone.now():
            raise AuthenticationFailed("This token has expired.", code="token_expired")
        if not token.artist.is_active:
            raise AuthenticationFailed("This account is closed.", code="account_inactive")
        return token


def _refuse_if_paused(token: Token, *, is_safe: bool) -> None:
    """Refuse what a pause shuts: everything, or what a paused token would change.

    That nothing new is made, whatever the pause is of, is the matter of who makes it.
    """
    keys = {"artist": token.artist_id, "cohort": token.artist.cohort_id, "token": token.pk}
    touching = Pause.objects.in_force().touching(**keys)
    for pause in touching.select_related("token"):
        if not pause.allows_looking or (pause.token_id and not is_safe):
            raise refusal(pause)


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's own description names it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: "AutoSchema") -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "grm_…"}
