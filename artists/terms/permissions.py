"""The terms at the door of the API."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from artists.models import Token
from artists.terms.errors import TermsNotAccepted

if TYPE_CHECKING:
    from portal.api import ApiView  # which reads the settings that name us


class TermsAccepted(BasePermission):
    """Whose artist owes the terms may read, list, download and delete, and make nothing new.

    A view that is `is_before_terms` takes a POST of theirs too.
    """

    def has_permission(self, request: Request, view: "ApiView") -> bool:  # type: ignore[override]
        if request.method in SAFE_METHODS or request.method == "DELETE" or view.is_before_terms:
            return True
        if isinstance(request.auth, Token) and request.auth.owes_terms:
            raise TermsNotAccepted
        return True
