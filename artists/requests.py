"""Requests of somebody who is signed in, for type hints."""

from django.http import HttpRequest

from artists.models import Artist


class ArtistRequest(HttpRequest):
    user: Artist
