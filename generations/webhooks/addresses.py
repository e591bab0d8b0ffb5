"""Where webhooks may be sent: to https addresses on the public internet."""

from concurrent.futures import ThreadPoolExecutor

import httpx
from django.conf import settings

from generations.webhooks.errors import BadAddress
from portal.outbound import NotPublic, resolve_public

URL_MAX_CHARS = 500
LOOKUP_SECONDS = 5.0
_lookups = ThreadPoolExecutor(4, thread_name_prefix="webhook-lookup")


def check_address(text: str) -> str:
    """Return the address as it is kept, or raise BadAddress. It is looked up, not called.

    Each webhook looks it up again: an address may change whom it leads to.
    """
    url = _read(text.strip())
    try:
        lookup = _lookups.submit(
            resolve_public,
            url.raw_host.decode("ascii"),
            url.port or 443,
            allowed=settings.WEBHOOK_NETWORKS,
        )
        lookup.result(timeout=LOOKUP_SECONDS)
    except NotPublic as exc:
        raise BadAddress("This host is not on the public internet.") from exc
    except TimeoutError as exc:
        raise BadAddress("This host could not be looked up in time.") from exc
    except OSError as exc:
        raise BadAddress("This host has no address.") from exc
    return str(url)


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
