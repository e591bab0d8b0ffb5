"""The ground of /v1 and /api: how a request is read, how it is answered, how it is refused."""

import logging
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from portal.envelope import NO_RETRY, BodyTooLarge, LengthRequired, Refusal, read_refusal
from portal.throttling import ALLOWANCE, Allowance, TokenThrottle, WriteThrottle

logger = logging.getLogger(__name__)

ROOTS = ("/v1/", "/api/")


def answer_error(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer what rose from a view with the error envelope.

    None leaves an unforeseen exception to Django, which logs it; the middleware envelops its 500.
    """
    refusal = read_refusal(exc)
    if refusal is None:
        return None
    names = getattr(context["view"], "param_names", None)
    headers = dict(refusal.headers)
    return Response(refusal.envelope(names), status=refusal.status, headers=headers)


class ApiMiddleware:
    """Number every answer under the ROOTS, and envelop the refusals that Django makes there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"{request.path_info}/".startswith(ROOTS):
            return self._get_response(request)
        request_id = f"req_{uuid.uuid4().hex}"
        request.encoding = "utf-8"  # whatever character set a client names
        response = self._get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != "application/json":
            _envelop(response)
        allowance: Allowance | None = request.META.get(ALLOWANCE)
        headers = allowance.headers if allowance else {}
        if response.status_code >= 500:
            logger.error(
                "%s %s %s: %d", request_id, request.method, request.path, response.status_code
            )
            if request.method not in SAFE_METHODS:
                headers |= NO_RETRY  # it may have been done
        for name, value in headers.items():
            response.headers[name] = value
        response.headers["x-request-id"] = request_id
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _envelop(response: HttpResponse) -> None:
    """Put the envelope in the place of a body that was meant for a browser."""
    status = HTTPStatus(response.status_code)
    message = f"{status.phrase}."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message = "Something went wrong on our side. The log has it under this x-request-id."
    refusal = Refusal(status, message, status.name.lower())
    response.content = JSONRenderer().render(refusal.envelope())
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Length"] = str(len(response.content))


class OneRenderer(DefaultContentNegotiation):
    """Answer in the one form there is: clients accept the oddest, `application/binary` even."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class JsonParser(JSONParser):
    """JSON, however deep somebody nests it."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("This JSON is nested too deeply.") from error


class FormParser(MultiPartParser):
    """Forms with files. One in which nothing can be read is refused, unless it is an empty one."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> DataAndFiles:
        form = super().parse(stream, media_type, parser_context)
        if form.data or form.files or _is_empty_form(parser_context["request"]):
            return form
        raise ParseError("This form cannot be read.")


def _is_empty_form(request: Request) -> bool:
    """Whether a form is its last line alone, by its length: what was read of it is gone."""
    _, parameters = parse_header_parameters(request.content_type)
    last_line = f"--{parameters['boundary']}--"
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    return length - len(last_line) in (0, 2, 4)  # line breaks stand before and after it


class ApiView(APIView):
    """An endpoint of /v1 or /api.

    `scopes` gives the scope that a token needs for each method, or "any" where each will do; for a
    method that is not named nobody has one.
    `is_before_terms` lets an artist who owes the terms send what it takes: it gives them what is
    theirs, and makes nothing new.
    `param_names` gives the API's name of an input where our field's name differs;
    `body_max_bytes` is the most that a request may carry.
    """

    content_negotiation_class = OneRenderer
    parser_classes = [JsonParser, FormParser]
    throttle_classes = [WriteThrottle, TokenThrottle]
    http_method_names = ["get", "head", "post", "patch", "delete"]
    scopes: ClassVar[Mapping[str, str]] = {}
    is_before_terms: ClassVar[bool] = False
    param_names: ClassVar[dict[str, str]] = {}
    body_max_bytes: ClassVar[int] = 100_000

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers:
            raise LengthRequired
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.body_max_bytes:
            raise BodyTooLarge(f"A request may carry {self.body_max_bytes:,} bytes here at most.")


def read_query(request: Request, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
    """Return what the address asks for; `?after=` asks for something that is none.

    Raises ValidationError.
    """
    asked = serializer(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    found: dict[str, Any] = asked.validated_data
    return found


class NoSuchRoute(ApiView):
    """Every address under the ROOTS that is none."""

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
