"""Requests of somebody who is known, for type hints."""

from django.http import HttpRequest
from rest_framework.request import Request

from artists.models import Artist, Token


class ArtistRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Artist


class ArtistApiRequest(Request):
    """A request with a live token."""

    user: Artist
    auth: Token
