"""What a token may do: the one rule of every endpoint of the API."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from artists.access.errors import MissingScope
from artists.models import Token
from artists.models.token import ANY_SCOPE

if TYPE_CHECKING:
    from portal.api import ApiView  # which reads the settings that name us


class HasScope(BasePermission):
    """Let a token in that holds the scope which the view declares for this method.

    A view that declares none lets nobody in. Raises MissingScope.
    """

    def has_permission(self, request: Request, view: "ApiView") -> bool:  # type: ignore[override]
        if not isinstance(request.auth, Token):
            return False
        method = "get" if request.method == "HEAD" else str(request.method).lower()
        if method not in view.http_method_names or not hasattr(view, method):
            return True  # 405 follows
        scope = view.scopes.get(method)
        if scope is None:
            return False
        if scope != ANY_SCOPE and scope not in request.auth.scopes:
            raise MissingScope(f"This token may not do this: it lacks the scope {scope}.")
        return True
