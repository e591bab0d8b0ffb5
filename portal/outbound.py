"""Calls to addresses that strangers name: they reach the public internet, never our own network;
and the look-ups of every call, which hold a bounded number of threads.

A name is looked up once, all of its addresses are checked, and the connection goes to one that was
checked, while TLS still asks for the certificate of the name. So a name that changes between the
check and the call gains nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import lru_cache, partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, TypeVar

import httpx

from portal import turns

Network = IPv4Network | IPv6Network
Got = TypeVar("Got")

# A look-up cannot be called off: a name server that does not answer holds its thread for as long
# as the resolver waits.
LOOKUPS_AT_ONCE = 32
LOOKUPS = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="lookup")

CONNECTS_AT_MOST = 3  # of a name with many addresses that do not answer
# A connection goes to an address and belongs to a name: it is never kept for another name.
NOT_KEPT = httpx.Limits(max_keepalive_connections=0)
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address in its last 32 bits
# What Python takes for global, and what reaches a network of ours all the same, or nobody.
REFUSED = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # the host of a virtual machine at Azure
        "192.0.0.0/24",  # and at Oracle
        "192.88.99.0/24",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)


class NotPublic(Exception):
    """A host that is not, or not only, on the public internet."""


class Loop(asyncio.SelectorEventLoop):
    """A loop that looks names up in the threads of LOOKUPS, which all loops share.

    In threads of its own it would wait for them at its end, past every time-out of the call.
    """

    async def getaddrinfo(
        self,
        host: Any,
        port: Any,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        look_up = partial(socket.getaddrinfo, host, port, family, type, proto, flags)
        return await self.run_in_executor(LOOKUPS, look_up)


def run(coming: Coroutine[Any, Any, Got]) -> Got:
    """Run one call to its end, in a Loop of its own; requests that need no call go on meanwhile."""
    with turns.requests.aside(), asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(coming)


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """One TLS context a process: to make one costs 0.3 s."""
    return ssl.create_default_context()


def resolve_public(host: str, port: int, *, allowed: Iterable[Network] = ()) -> list[str]:
    """Look a host up and return its addresses, all of them public or in `allowed` networks.

    Raises NotPublic, and OSError where the host has no address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as exc:  # a label of more than 63 characters, for instance
        raise OSError("this is no host name") from exc
    return _checked(found, allowed)


class PublicTransport(httpx.AsyncBaseTransport):
    """A wire to public addresses, and to `allowed` networks.

    Names are looked up in the threads of `lookups`, LOOKUPS unless there are others. Raises
    NotPublic, and httpx.ConnectError where the host has no address. It follows no redirect and
    knows no proxy.
    """

    def __init__(
        self,
        *,
        verify: ssl.SSLContext,
        allowed: Iterable[Network] = (),
        lookups: Executor = LOOKUPS,
    ) -> None:
        self._allowed = tuple(allowed)
        self._lookups = lookups
        self._wire = httpx.AsyncHTTPTransport(verify=verify, limits=NOT_KEPT, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        look_up = partial(resolve_public, *_host_and_port(request), allowed=self._allowed)
        try:
            loop = asyncio.get_running_loop()
            addresses = await loop.run_in_executor(self._lookups, look_up)
        except OSError as exc:
            raise httpx.ConnectError(str(exc), request=request) from exc
        *others, last = _requests(request, addresses)
        for one in others:
            try:
                return await self._wire.handle_async_request(one)
            except (httpx.ConnectError, httpx.ConnectTimeout):  # nothing was sent
                continue
        return await self._wire.handle_async_request(last)

    async def aclose(self) -> None:
        await self._wire.aclose()


def _checked(found: Iterable[tuple[Any, ...]], allowed: Iterable[Network]) -> list[str]:
    """The addresses of getaddrinfo's answer, each once, in its order."""
    addresses = [ip_address(address[0]) for *_, address in found]
    allowed = tuple(allowed)
    for address in addresses:
        if not _is_public(address) and not any(address in network for network in allowed):
            raise NotPublic("this host is not on the public internet")
    return list(dict.fromkeys(map(str, addresses)))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address not in GLOBAL_UNICAST:
            return False
    is_refused = any(address in network for network in REFUSED)
    return address.is_global and not address.is_multicast and not is_refused


def _host_and_port(request: httpx.Request) -> tuple[str, int]:
    url = request.url
    return url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)


def _requests(request: httpx.Request, addresses: list[str]) -> Iterator[httpx.Request]:
    """The request once for each address, with the Host and the certificate of the name."""
    extensions = request.extensions | {"sni_hostname": _host_and_port(request)[0]}
    for address in addresses[:CONNECTS_AT_MOST]:
        yield httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions=extensions,
        )
