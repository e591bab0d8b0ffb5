"""What two spellings of one address, name, link or network share."""

import ipaddress
import unicodedata
from urllib.parse import urlsplit


def email_key(email: str) -> str:
    """The address without case and without the +label that people add to it."""
    local, _, host = unicodedata.normalize("NFKC", email).strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local}@{host}"[:254]


def name_key(name: str) -> str:
    """The name without case, accents, punctuation and order: José da Silva is da SILVA, Jose."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(
        char if unicodedata.category(char)[0] in "LN" else " "
        for char in letters
        if not unicodedata.combining(char)
    )
    return " ".join(sorted(plain.split()))[:240]


def link_key(url: str) -> str:
    """Host and path of an address, without scheme, www., query and last slash."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/').casefold()}"[:500]


def network_key(address: str) -> str:
    """The network of an IP address: its /24, or /48 of IPv6; "" for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    prefix = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, prefix), strict=False))
