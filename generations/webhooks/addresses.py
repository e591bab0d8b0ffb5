"""Where webhooks may be sent: to https addresses on the public internet."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
from django.conf import settings

from generations.webhooks.errors import BadAddress, TooManyLookups
from portal.outbound import NotPublic, resolve_public

URL_MAX_CHARS = 500
LOOKUP_SECONDS = 5.0  # then whoever asked is answered, though its thread may wait on
LOOKUPS_AT_ONCE = 8
_lookups = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="address-lookup")
_asking: set[int] = set()  # the artists of the look-ups that have not ended
_asking_changes = threading.Lock()


def check_address(text: str, *, artist_id: int) -> str:
    """Return the address as it is kept, or raise BadAddress. It is looked up, not called.

    Each webhook looks it up again: an address may change whom it leads to. Raises TooManyLookups
    while the artist's last one has not ended, or as many others' as may be under way.
    """
    url = _read(text.strip())
    lookup = _look_up(url, artist_id)
    try:
        lookup.result(timeout=LOOKUP_SECONDS)
    except NotPublic as exc:
        raise BadAddress("This host is not on the public internet.") from exc
    except TimeoutError as exc:
        raise BadAddress(
            "This host could not be looked up in time. Try again in a minute."
        ) from exc
    except OSError as exc:
        raise BadAddress("No such host was found. Look at its spelling.") from exc
    return str(url)


def _look_up(url: httpx.URL, artist_id: int) -> "Future[list[str]]":
    """Begin to look an address up. A name server that is silent holds a thread for as long as the
    resolver waits: one of each artist's, and of all of them a few."""
    with _asking_changes:
        if artist_id in _asking or len(_asking) == LOOKUPS_AT_ONCE:
            raise TooManyLookups
        _asking.add(artist_id)
    lookup = _lookups.submit(
        resolve_public,
        url.raw_host.decode("ascii"),
        url.port or 443,
        allowed=settings.WEBHOOK_NETWORKS,
    )
    lookup.add_done_callback(lambda _: _asking.discard(artist_id))
    return lookup


def _read(text: str) -> httpx.URL:
    """Read an address as the client that calls it will."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as exc:
        raise BadAddress("This is not an address.") from exc
    if url.scheme != "https" or not url.host:
        raise BadAddress("Give an address that begins with https://.")
    if url.userinfo or url.fragment:
        raise BadAddress("Give an address without a name, a password or a #fragment in it.")
    if (url.port or 443) not in settings.WEBHOOK_PORTS:
        ports = ", ".join(map(str, settings.WEBHOOK_PORTS))
        raise BadAddress(f"Webhooks are sent to these ports: {ports}.")
    if len(str(url)) > URL_MAX_CHARS:
        raise BadAddress(f"An address has at most {URL_MAX_CHARS} characters.")
    return url
