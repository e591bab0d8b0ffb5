"""How fast a program may write: counted exactly, and said in every answer to a write."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

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


class WriteThrottle(SimpleRateThrottle):
    """A guard against haste where something changes. What one may spend is the quota's matter.

    So many writes of an artist in each minute of the clock (or what the rate's period is). DRF's
    own throttle keeps a list of times, which it reads and writes back: of requests that come
    together it counts one. Here the cache adds, and loses none.
    """

    scope = "api_writes"
    num_requests: int | None  # of the rate, as its own class reads it; None where it has none
    duration: int | None

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS or not self.num_requests or not self.duration:
            return True
        if request.user is None:  # an address that needs no token, and changes nothing
            return True
        count = self.count(request.user.pk)
        request._request.META[ALLOWANCE] = Allowance(
            limit=self.num_requests,
            remaining=max(self.num_requests - count, 0),
            resets_in_seconds=math.ceil(self._wait_seconds),
        )
        return count <= self.num_requests

    def count(self, artist_id: int | None) -> int:
        """Add a write of an artist's, and return how many they are in this period."""
        if not self.duration:
            return 0
        turn, elapsed = divmod(time.time(), self.duration)
        self._wait_seconds = self.duration - elapsed
        return _count(f"{self.scope}:{artist_id}:{int(turn)}", seconds=self.duration)

    def wait(self) -> float:
        return self._wait_seconds


class FormThrottle(WriteThrottle):
    """The same for forms that make the portal call or ask somebody outside."""

    scope = "outside_forms"


class TooHasty(PortalError):
    code = "too_hasty"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, retry_after_seconds: int) -> None:
        message = f"This was sent often just now. Try again in {retry_after_seconds} seconds."
        super().__init__(message, retry_after_seconds=retry_after_seconds)


def throttled(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Count the forms that are sent to a view of those who are signed in. Raises TooHasty."""

    @wraps(view)
    def counted(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        throttle = FormThrottle()
        cap = throttle.num_requests
        if request.method not in SAFE_METHODS and cap and throttle.count(request.user.pk) > cap:
            raise TooHasty(retry_after_seconds=math.ceil(throttle.wait()))
        return view(request, *args, **kwargs)

    return counted


def is_within(key: str, *, at_most: int, seconds: int) -> bool:
    """Count one more of a kind, and say whether that is still within so many in so many seconds."""
    turn = int(time.time() // seconds)
    return _count(f"{key}:{turn}", seconds=seconds) <= at_most


def _count(key: str, *, seconds: int) -> int:
    """Add one to a count that ends after so many seconds, and return it."""
    counts = caches["counts"]
    counts.add(key, 0, timeout=2 * seconds)
    try:
        return counts.incr(key)
    except ValueError:  # the cache is full and dropped it: nobody is refused for that
        return 1
