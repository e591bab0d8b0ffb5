"""The terms at the door of the API."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from artists.models import Token
from artists.terms.errors import TermsNotAccepted

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name us


class TermsAccepted(BasePermission):
    """Whose artist owes the terms may read, list, download and delete, and make nothing new."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if request.method in SAFE_METHODS or request.method == "DELETE":
            return True
        if isinstance(request.auth, Token) and request.auth.owes_terms:
            raise TermsNotAccepted
        return True
