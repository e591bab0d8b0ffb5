"""Where providers say that a job has moved."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from generations.callbacks.services import hear
from generations.models import Attempt
from generations.providers.registry import provider_named
from generations.rendering.derived import is_callback_secret
from portal.envelope import BodyTooLarge, LengthRequired

BODY_MAX_BYTES = 1_000_000


@csrf_exempt
@require_POST
def callback(request: HttpRequest, provider: str, attempt_id: UUID, secret: str) -> HttpResponse:
    """Hear one callback. An address that we did not give out does not exist."""
    if not is_callback_secret(attempt_id, secret) or provider not in settings.PROVIDERS:
        raise Http404
    attempts = Attempt.objects.select_related("generation__video_model")
    attempt = get_object_or_404(attempts, pk=attempt_id, provider=provider)
    headers = {name.lower(): value for name, value in request.headers.items()}
    hear(attempt, headers=headers, body=_read(request), provider_named=provider_named)
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit():
        raise LengthRequired
    if int(length) > BODY_MAX_BYTES:
        raise BodyTooLarge(f"A callback may carry {BODY_MAX_BYTES:,} bytes at most.")
    return request.body
