"""A program shows who it acts for: `Authorization: Bearer grm_…`."""

from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from artists.access import dead_uses
from artists.access.errors import (
    AccountInactive,
    TokenExpired,
    TokenRevoked,
    TokenRotated,
    UnknownToken,
    WrongNetwork,
    refusal,
)
from artists.access.networks import Address, client_address, client_name, is_within
from artists.access.tokens import parse
from artists.models import Artist, DeadUse, Pause, Token
from artists.models.token import ANY_SCOPE, Scope
from portal.errors import PortalError

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema  # which read the settings that name us

    from portal.api import ApiView

Why = DeadUse.Why
REFUSALS: dict[DeadUse.Why, type[PortalError]] = {
    Why.REVOKED: TokenRevoked,
    Why.EXPIRED: TokenExpired,
    Why.ROTATED: TokenRotated,
    Why.ELSEWHERE: WrongNetwork,
}


class TokenAuthentication(BaseAuthentication):
    """Look the token up by its hash on each request, so that a revocation holds at once (I8).

    A token that cannot be or is not ours gets one and the same answer; the owner of a real one
    is told why it is refused, and each use of a dead one is written down.
    """

    @sensitive_variables("scheme", "plaintext", "header")
    def authenticate(self, request: Request) -> tuple[Artist, Token] | None:
        header = get_authorization_header(request).decode("latin-1").split(maxsplit=1)
        if not header or header[0].lower() != "bearer":
            return None
        plaintext = header[1].strip() if len(header) == 2 else ""
        token = _find(parse(plaintext))
        address, client = client_address(request), client_name(request)
        if why := _why_refused(token, address):
            dead_uses.note(token, why, address=address, client=client)
            raise REFUSALS[why]
        if token.has_stale_access:
            raise TokenExpired
        if not token.artist.is_active:
            raise AccountInactive
        Token.objects.touch(token, address=str(address), client=client)
        if token.is_paused:
            _refuse_if_paused(token, is_safe=request.method in SAFE_METHODS)
        return token.artist, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Greenroom"'


def _find(sha256: str | None) -> Token:
    if sha256 is None:
        raise UnknownToken
    try:
        return Token.objects.by_secret(sha256)
    except Token.DoesNotExist:
        raise UnknownToken from None


def _why_refused(token: Token, address: Address) -> DeadUse.Why | None:
    now = timezone.now()
    if token.revoked_at:
        return Why.REVOKED
    if token.expires_at <= now:
        return Why.EXPIRED
    if token.secret_until and token.secret_until <= now:
        return Why.ROTATED
    if token.networks and not is_within(address, token.networks):
        return Why.ELSEWHERE
    return None


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
        scopes = "\n".join(f"- `{scope}`: {scope.label}" for scope in Scope)
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "grm_…",
            "description": "A token of an artist's, made on the page *API tokens* or got by "
            f"device code. Each endpoint takes a token of its scope; some take any.\n\n{scopes}",
        }

    def get_security_requirement(self, auto_schema: "AutoSchema") -> dict[str, list[str]]:
        """With the scope that the token needs, where any will not do."""
        view = cast("ApiView", auto_schema.view)
        scope = view.scopes.get(auto_schema.method.lower())
        return {str(self.name): [] if scope in (None, ANY_SCOPE) else [str(scope)]}
