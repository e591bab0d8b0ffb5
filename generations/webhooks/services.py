"""What an artist does with the addresses that hear of their videos."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypedDict, Unpack

import httpx
from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.models import Artist, Token
from generations.models import WebhookDelivery, WebhookEndpoint
from generations.models.webhook import TRIED_FOR, EndpointQuerySet
from generations.webhooks.addresses import check_address
from generations.webhooks.delivering import LEASE_SECONDS, keep
from generations.webhooks.errors import (
    EndedWithToken,
    EndpointNotFound,
    NeedsSession,
    NoAnswer,
    StillWaiting,
    TooManyEndpoints,
    TooManyTests,
)
from generations.webhooks.sending import Outcome, public_client, send, write
from generations.webhooks.signing import secret_of

ENDPOINTS_AT_MOST = 5
OVERLAP = timedelta(hours=24)
TESTS_AT_ONCE = 4  # each holds a thread of web for as long as its receiver takes

_testing: set[int] = set()  # the artists of the tests that have not ended
_testing_changes = threading.Lock()


class Changes(TypedDict, total=False):
    """What may be changed of an endpoint; what is left out stays."""

    name: str
    url: str
    event_types: Sequence[str]


@sensitive_variables("secret")
def register(
    *, artist: Artist, name: str, url: str, event_types: Sequence[str], token: Token | None = None
) -> tuple[WebhookEndpoint, str]:
    """Add an address, and return it with its secret, which is shown this once.

    What a token adds is told nothing from the moment on when that token is revoked or expires.
    Raises BadAddress, TooManyLookups and TooManyEndpoints.
    """
    url = check_address(url, artist_id=artist.pk)  # outside the transaction: it asks the network
    with transaction.atomic():
        Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
        if WebhookEndpoint.objects.filter(artist=artist).count() >= ENDPOINTS_AT_MOST:
            raise TooManyEndpoints(cap=ENDPOINTS_AT_MOST)
        endpoint = WebhookEndpoint.objects.create(
            artist=artist, token=token, name=name, url=url, event_types=list(event_types)
        )
    secret = secret_of(endpoint)
    return endpoint, secret


def change(
    endpoint: WebhookEndpoint, *, token: Token | None = None, **changes: Unpack[Changes]
) -> None:
    """Change what is given; `token` is what asks for it, None in a session.

    Raises BadAddress, TooManyLookups, EndpointNotFound, and NeedsSession for another address of
    what that token did not make.
    """
    own = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    columns: dict[str, Any] = dict(changes)
    if "url" in changes and changes["url"] != endpoint.url:
        own = _made_by(token, endpoint)
        columns["url"] = check_address(changes["url"], artist_id=endpoint.artist_id)
        columns["failing_since"] = None
    changed = {name: value for name, value in columns.items() if getattr(endpoint, name) != value}
    if changed and not own.update(**changed, updated_at=timezone.now()):
        raise EndpointNotFound
    endpoint.refresh_from_db()


@sensitive_variables("secret")
def rotate(endpoint: WebhookEndpoint, *, keep_earlier: bool, token: Token | None = None) -> str:
    """Return a new secret. With `keep_earlier` the one before signs too for 24 hours.

    Raises EndpointNotFound, and NeedsSession where `token` asks and did not make it.
    """
    now = timezone.now()
    if not _made_by(token, endpoint).update(
        secret_version=F("secret_version") + 1,
        earlier_until=now + OVERLAP if keep_earlier else None,
        updated_at=now,
    ):
        raise EndpointNotFound
    endpoint.refresh_from_db()
    secret = secret_of(endpoint)
    return secret


def switch_on(endpoint: WebhookEndpoint) -> None:
    """Send again to an address that was switched off; what still waits goes out."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        switched_off_at=None,
        failing_since=None,
        told_at=None,
        telling_until=None,
        updated_at=timezone.now(),
    )


def keep_without_token(endpoint: WebhookEndpoint) -> None:
    """Let an endpoint last whatever becomes of the token that made it; its artist says so."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(token=None, updated_at=timezone.now())


@transaction.atomic
def remove(endpoint: WebhookEndpoint) -> None:
    """Forget an address and what was sent to it.

    Its lock comes first: an end that is being written down for it is then among what is forgotten.
    """
    own = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    for locked in own.select_for_update():
        locked.delete()


def send_again(delivery: WebhookDelivery) -> None:
    """Send an ended delivery once more, as the same event. Raises StillWaiting."""
    now = timezone.now()
    ended = WebhookDelivery.objects.filter(pk=delivery.pk, next_try_at=None)
    if not ended.update(
        state=WebhookDelivery.State.WAITING,
        next_try_at=now,
        give_up_at=now + TRIED_FOR,
        tries=0,
    ):
        raise StillWaiting


def send_test(
    endpoint: WebhookEndpoint,
    *,
    event_type: str,
    client: Callable[[], httpx.AsyncClient] = public_client,
) -> int:
    """Send a sample of an event, once and at once, and return the HTTP status that came back.

    It is about no video of anybody's. Raises EndedWithToken and NoAnswer, and TooManyTests while
    the artist's last one has not ended, or as many others' as may be under way.
    """
    if endpoint.ended_with_token:
        raise EndedWithToken
    with _one_of(endpoint.artist_id):
        now = timezone.now()
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            event_type=event_type,
            next_try_at=now + timedelta(seconds=LEASE_SECONDS),  # no pass takes it
            give_up_at=now,  # and it is not tried again
            tries=1,
        )
        outcome = async_to_sync(_send_one)(delivery, client)
    keep([outcome])
    if outcome.status is None:
        raise NoAnswer(f"No HTTP answer came from this address: {outcome.words.lower()}.")
    return outcome.status


@contextmanager
def _one_of(artist_id: int) -> Iterator[None]:
    """Have one test of an artist under way, and few of all: no slow receiver of theirs keeps the
    others from testing. Raises TooManyTests."""
    with _testing_changes:
        if artist_id in _testing or len(_testing) == TESTS_AT_ONCE:
            raise TooManyTests
        _testing.add(artist_id)
    try:
        yield
    finally:
        with _testing_changes:
            _testing.discard(artist_id)


def _made_by(token: Token | None, endpoint: WebhookEndpoint) -> EndpointQuerySet:
    """The endpoint, for as long as it is that token's; any of one's own in a session.

    Raises NeedsSession.
    """
    own = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if token is None:
        return own
    if token.pk != endpoint.token_id:
        raise NeedsSession
    return own.filter(token=token)


async def _send_one(delivery: WebhookDelivery, client: Callable[[], httpx.AsyncClient]) -> Outcome:
    async with client() as http:
        return await send(http, write(delivery))
