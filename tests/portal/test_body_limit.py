"""A body that is too large is refused before anything of it is read."""

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from artists.models import Artist

SMALL, LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.BODY_MAX_BYTES


class Body:
    """The body of a request, which knows whether anybody read it."""

    was_read = False

    def read(self, *size: int) -> bytes:
        self.was_read = True
        return b""

    readline = read


def send(client: Client, address: str, *, length: int) -> tuple[int, bool]:
    """Return the status of the answer, and whether the body was read for it."""
    body = Body()
    given = {"CONTENT_TYPE": MULTIPART_CONTENT, "CONTENT_LENGTH": str(length), "wsgi.input": body}
    answer = client.request(REQUEST_METHOD="POST", PATH_INFO=address, **given)
    return answer.status_code, body.was_read


@pytest.fixture
def browser() -> Client:
    """A browser with a CSRF cookie, as anybody may have one: its forms are read for the token."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["generations:create", "account_login", "admin:login"])
def test_a_visitor_sends_no_more_than_memory_takes(browser: Client, name: str) -> None:
    assert send(browser, reverse(name), length=SMALL + 1) == (413, False)


def test_somebody_signed_in_sends_no_more_than_an_image(browser: Client, artist: Artist) -> None:
    browser.force_login(artist)

    assert send(browser, reverse("generations:create"), length=LARGE + 1) == (413, False)


def test_what_is_allowed_is_read(browser: Client, artist: Artist) -> None:
    browser.force_login(artist)

    assert send(browser, reverse("generations:create"), length=LARGE) == (403, True)


def test_the_refusal_is_a_page_that_says_why(client: Client, artist: Artist) -> None:
    client.force_login(artist)

    page = client.post(reverse("generations:create"), {"prompt": "a" * (LARGE + 1)})

    assert page.status_code == 413
    assert "This is larger than what may be sent here." in page.text


@pytest.mark.django_db
def test_a_body_without_a_length_is_none(browser: Client) -> None:
    assert send(browser, reverse("generations:create"), length=0) == (403, False)
