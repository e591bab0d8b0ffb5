"""Programs with a live token of Ada's, and of Ben's."""

import pytest
from django.test import Client

from artists.access.services import create_token
from artists.models import Artist, Token
from generations.models import VideoModel
from tests.generations.api.conftest import program_of


def client_of(artist: Artist, *, scopes: list[str]) -> Client:
    """A program whose token may do no more than this."""
    _, plaintext = create_token(artist, "narrow", scopes=scopes)
    return Client(headers={"Authorization": f"Bearer {plaintext}"})


@pytest.fixture
def program(artist: Artist, video_model: VideoModel) -> Client:
    """Its token is Ada's newest."""
    return program_of(artist)


@pytest.fixture
def token(program: Client, artist: Artist) -> Token:
    return artist.tokens.get(name="a program")


@pytest.fixture
def other_program(other_artist: Artist, video_model: VideoModel) -> Client:
    return program_of(other_artist)
