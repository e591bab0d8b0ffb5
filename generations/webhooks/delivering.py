"""Webhooks that are due: one pass sends them, many at a time, and one to each endpoint.

A pass takes what is due for longest while there is room among those on their way, where an artist
has few at a time: a receiver that is slow holds up its own webhooks, and many of them their
artist's, and nobody else's. A row that was taken by a worker that died is due
again after its lease: sent twice at worst, with the same id.
"""

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

import httpx
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.utils import timezone

from generations.models import WebhookDelivery, WebhookEndpoint
from generations.webhooks.sending import (
    ANSWER_SECONDS,
    AT_ONCE,
    Message,
    Outcome,
    public_client,
    send,
    write,
)

State = WebhookDelivery.State

ARTIST_AT_ONCE = 3  # of those on their way, at most: somebody's slow endpoints fill no pass
PASS_SECONDS = 10.0  # then another pass takes over: a worker that stops waits no longer for one
LEASE_SECONDS = ANSWER_SECONDS + 20
# About fifteen tries in a day: soon at first, for a receiver that restarts.
PAUSES_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400)
SWITCHED_OFF_AFTER = timedelta(days=3)

_sending = threading.Lock()  # one pass a process at a time: the other threads have other work


def send_due(client: Callable[[], httpx.AsyncClient] = public_client) -> list[UUID]:
    """Send what is due; return the endpoints that were switched off, having failed for days."""
    if not _sending.acquire(blocking=False):
        return []
    try:
        return async_to_sync(_pass)(client)
    finally:
        _sending.release()


@transaction.atomic
def keep(outcomes: Iterable[Outcome]) -> list[UUID]:
    """Write down what came of some tries; return the endpoints that were switched off by it."""
    switched_off = []
    for outcome in sorted(outcomes, key=lambda one: one.message.endpoint_id):  # one order of locks
        if outcome.is_heard:
            _keep_heard(outcome)
        elif _keep_failed(outcome):
            switched_off.append(outcome.message.endpoint_id)
    return switched_off


async def _pass(client: Callable[[], httpx.AsyncClient]) -> list[UUID]:
    """The database is asked in the caller's thread, to which its connection belongs."""
    until = time.monotonic() + PASS_SECONDS
    switched_off: list[UUID] = []
    on_their_way: dict[asyncio.Task[Outcome], Message] = {}
    async with client() as http:
        while True:
            if time.monotonic() < until and len(on_their_way) < AT_ONCE:
                room = AT_ONCE - len(on_their_way)
                for message in await sync_to_async(_take)(room, list(on_their_way.values())):
                    on_their_way[asyncio.create_task(send(http, message))] = message
            if not on_their_way:
                return switched_off
            done, _ = await asyncio.wait(
                on_their_way, timeout=1.0, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                del on_their_way[task]
            switched_off += await sync_to_async(keep)([task.result() for task in done])


@transaction.atomic
def _take(limit: int, busy: list[Message]) -> list[Message]:
    """Take the delivery that has waited longest from endpoints that are free, as far as their
    artists have room."""
    under_way = Counter(one.artist_id for one in busy)
    free = WebhookEndpoint.objects.exclude(pk__in=[one.endpoint_id for one in busy])
    taken: list[UUID] = []
    for delivery_id, artist_id in free.due_deliveries().iterator(chunk_size=AT_ONCE):
        if len(taken) == limit:
            break
        if under_way[artist_id] < ARTIST_AT_ONCE and WebhookDelivery.objects.claim(
            delivery_id, seconds=LEASE_SECONDS
        ):
            under_way[artist_id] += 1
            taken.append(delivery_id)
    deliveries = WebhookDelivery.objects.filter(pk__in=taken).select_related(
        "endpoint",
        "decision__ground",
        "decision__submission__generation",
        "decision__submission__share",
    )
    return [write(delivery) for delivery in deliveries]


def _keep_heard(outcome: Outcome) -> None:
    delivery = WebhookDelivery.objects.filter(pk=outcome.message.delivery_id)
    delivery.update(
        state=State.DELIVERED, next_try_at=None, tried_at=timezone.now(), answer=outcome.words
    )
    failing = WebhookEndpoint.objects.filter(pk=outcome.message.endpoint_id)
    failing.exclude(failing_since=None).update(failing_since=None)


def _keep_failed(outcome: Outcome) -> bool:
    """Try again later, or give up; True where its endpoint was switched off."""
    now = timezone.now()
    mine = WebhookDelivery.objects.filter(pk=outcome.message.delivery_id, state=State.WAITING)
    delivery = mine.first()
    if delivery is None:  # its endpoint was removed, or another try was heard
        return False
    next_try_at = now + _pause(delivery.tries)
    facts = {"tried_at": now, "answer": outcome.words}
    endpoint = WebhookEndpoint.objects.filter(pk=outcome.message.endpoint_id)
    endpoint.filter(failing_since=None).update(failing_since=now)
    if next_try_at < delivery.give_up_at:
        mine.update(next_try_at=next_try_at, **facts)
        return False  # two failures may lie days apart with nothing to send between them
    mine.update(state=State.GIVEN_UP, next_try_at=None, **facts)
    failed_for_days = endpoint.filter(failing_since__lt=now - SWITCHED_OFF_AFTER)
    return failed_for_days.filter(switched_off_at=None).update(switched_off_at=now) == 1


def _pause(tries: int) -> timedelta:
    """How long after so many tries; a little apart, so that many do not come back together."""
    seconds = PAUSES_SECONDS[min(max(tries, 1), len(PAUSES_SECONDS)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.9, 1.1))
