"""What a browser may load with an answer: the Content-Security-Policy."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """The policy of every answer. That of JSON, in which there is no nonce, is built once."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._of_json = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.headers.get("Content-Type") != "application/json" or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._of_json)
        return response
