"""How fast a program may write: counted exactly, and said in every answer to a write."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from portal.counting import count
from portal.errors import PortalError

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)

ALLOWANCE = "greenroom.allowance"  # where a request's META keeps its allowance


@dataclass(frozen=True)
class Allowance:
    """What one may still send until the count begins anew."""

    limit: int
    remaining: int
    resets_in_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "x-ratelimit-limit-requests": str(self.limit),
            "x-ratelimit-remaining-requests": str(self.remaining),
            "x-ratelimit-reset-requests": f"{self.resets_in_seconds}s",
        }


class ClockThrottle(SimpleRateThrottle):
    """So many requests in each minute of the clock (or what the rate's period is).

    DRF's own throttle keeps a list of times, which it reads and writes back: of requests that come
    together it counts one. Here the cache adds, and loses none.
    """

    num_requests: int | None  # of the rate, as its own class reads it; None where it has none
    duration: int | None

    def count(self, key: object, *, seconds: int) -> int:
        """Add a request of somebody's, and return how many they are in this period."""
        turn, elapsed = divmod(time.time(), seconds)
        self._wait_seconds = seconds - elapsed
        return count(f"{self.scope}:{key}:{int(turn)}", seconds=seconds)

    def allows(self, request: Request, key: object, *, limit: int, seconds: int) -> bool:
        """Count one request, and note what is left; False says that it is one too many."""
        counted = self.count(key, seconds=seconds)
        allowance = Allowance(
            limit=limit,
            remaining=max(limit - counted, 0),
            resets_in_seconds=math.ceil(self._wait_seconds),
        )
        standing: Allowance | None = request._request.META.get(ALLOWANCE)
        if standing is None or allowance.remaining < standing.remaining:
            request._request.META[ALLOWANCE] = allowance
        return counted <= limit

    def wait(self) -> float:
        return self._wait_seconds


class WriteThrottle(ClockThrottle):
    """A guard against haste where something changes. What one may spend is the quota's matter."""

    scope = "api_writes"

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS or not self.num_requests or not self.duration:
            return True
        if request.user is None:  # an address that needs no token, and changes nothing
            return True
        limit, seconds = self.num_requests, self.duration
        return self.allows(request, request.user.pk, limit=limit, seconds=seconds)


class TokenThrottle(ClockThrottle):
    """What the artist allowed one token: requests of every kind in each minute of the clock."""

    scope = "token"
    rate = None

    def __init__(self) -> None:
        """There is no rate for all."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        limit = getattr(request.auth, "requests_per_minute", None)
        if limit is None:
            return True
        return self.allows(request, request.auth.pk, limit=limit, seconds=60)


class FormThrottle(ClockThrottle):
    """The same for forms that make the portal call or ask somebody outside."""

    scope = "outside_forms"

    def take(self, artist_id: int | None) -> None:
        """Count one form. Raises TooHasty."""
        cap, seconds = self.num_requests, self.duration
        if cap and seconds and self.count(artist_id, seconds=seconds) > cap:
            raise TooHasty(retry_after_seconds=math.ceil(self.wait()))


class TooHasty(PortalError):
    code = "too_hasty"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, retry_after_seconds: int) -> None:
        message = f"This was sent often just now. Try again in {retry_after_seconds} seconds."
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


def throttled(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Count the forms that are sent to a view of those who are signed in. Raises TooHasty."""

    @wraps(view)
    def counted(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            FormThrottle().take(request.user.pk)
        return view(request, *args, **kwargs)

    return counted


def is_within(key: str, *, at_most: int, seconds: int) -> bool:
    """Count one more of a kind, and say whether that is still within so many in so many seconds."""
    turn = int(time.time() // seconds)
    return count(f"{key}:{turn}", seconds=seconds) <= at_most
