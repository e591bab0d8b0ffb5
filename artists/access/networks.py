"""Where a request comes from, and which networks a token may be used from."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from artists.models.token import CLIENT_MAX_CHARS

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> Address:
    """Return who asks, as settings say: behind a proxy, whom the proxy names.

    An IPv4 address in the clothes of IPv6 is an IPv4 address. Raises PermissionDenied where there
    is none.
    """
    address = ip_address(get_adapter().get_client_ip(request))
    return getattr(address, "ipv4_mapped", None) or address


def client_name(request: HttpRequest) -> str:
    """Return what the client calls itself, bounded, and without what cannot be shown."""
    said = request.headers.get("User-Agent", "")
    return "".join(sign for sign in said if sign.isprintable())[:CLIENT_MAX_CHARS]


def read_network(text: str) -> str:
    """Return a network as it is kept; a lone address is a network of one. Raises ValueError."""
    if "%" in text:  # a zone means something on one machine alone
        raise ValueError("a network has no zone")
    return str(ip_network(text, strict=False))


def network_of(address: Address) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 of an IPv6 one."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def site_of(address: Address) -> str:
    """Return what one party holds as a whole: an IPv4 address, or the /48 of an IPv6 one."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 48), strict=False))
    return str(address)


def is_within(address: Address, networks: Iterable[str]) -> bool:
    return any(address in ip_network(one) for one in networks)
