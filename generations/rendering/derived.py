"""What is derived from the portal's secret key: nothing of it needs to be stored."""

from uuid import UUID

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from generations.links import absolute
from generations.models import Attempt


def pseudonym(artist_id: int) -> str:
    """A name for an artist that a provider may know: always the same, and it tells nobody who."""
    return _derive("end user", str(artist_id))


def callback_url(attempt: Attempt) -> str:
    """The address at which a provider may say that this attempt's job has moved."""
    parts = (attempt.provider, attempt.pk, _callback_secret(attempt.pk))
    return absolute(reverse("callback", args=parts))


def is_callback_secret(attempt_id: UUID, secret: str) -> bool:
    return constant_time_compare(secret, _callback_secret(attempt_id))


def _callback_secret(attempt_id: UUID) -> str:
    return _derive("callback", str(attempt_id))


def _derive(purpose: str, value: str) -> str:
    digest = salted_hmac(f"greenroom {purpose}", value, algorithm="sha256")
    return digest.hexdigest()[:40]
