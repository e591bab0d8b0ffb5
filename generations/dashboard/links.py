"""The addresses of the lists behind the figures."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


def to_list(name: str, **asked: Any) -> str:
    """The address of a list, narrowed down; of several values in a list each is asked for."""
    address = reverse(f"generations:dashboard_{name}")
    return f"{address}?{urlencode(asked, doseq=True)}" if asked else address
