"""The log keeps no secret of an address."""

import io
import logging

import pytest
from django.test import Client
from django.urls import reverse

from portal.logs import WithoutSecrets


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/hooks/sketch/01a21442-3cf0-7d34-90de-a51c46eea4e2/a-secret-of-ours",
        "/invitations/a-secret-of-ours/",
        "/application/a-secret-of-ours/",
    ],
)
def test_a_refused_request_is_logged_without_the_secret_in_its_address(
    client: Client, address: str
) -> None:
    ours = [one for one in logging.getLogger().handlers if _cuts(one)]
    assert len(ours) == 1
    assert isinstance(ours[0], logging.StreamHandler)
    was, lines = ours[0].stream, io.StringIO()
    ours[0].setStream(lines)
    try:
        client.post(address)
    finally:
        ours[0].setStream(was)

    assert address.partition("a-secret")[0] in lines.getvalue()
    assert "a-secret-of-ours" not in lines.getvalue()


def test_nor_does_it_keep_that_of_a_link_to_set_a_new_password() -> None:
    address = reverse("account_reset_password_from_key", args=["1", "a-secret-of-ours"])
    record = logging.makeLogRecord({"msg": "Bad Request: %s", "args": (address,)})

    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Bad Request: /accounts/password/reset/key/…/"


def _cuts(handler: logging.Handler) -> bool:
    return any(isinstance(one, WithoutSecrets) for one in handler.filters)
