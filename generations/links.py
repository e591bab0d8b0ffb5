"""Addresses as the outside world uses them."""

from django.conf import settings
from django.shortcuts import resolve_url


def absolute(to: str) -> str:
    """Return the public address of a path or of a URL by its name."""
    return f"{settings.PUBLIC_URL}{resolve_url(to)}"
