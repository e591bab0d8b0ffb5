"""Each role gets what the table says, of every URL; one that is missing there fails the suite."""

from collections.abc import Callable

import pytest
from django.test import Client

from artists.models import Artist
from tests.urls.table import ROLES, ROUTES, TABLE


def test_every_url_stands_in_the_table() -> None:
    """I7"""
    assert {name for name in ROUTES if not name.startswith("admin:")} == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(
    client: Client,
    role: str,
    addresses: dict[str, str],
    artist: Artist,
    other_artist: Artist,
    make_artist: Callable[..., Artist],
) -> None:
    """I1, I7"""
    people = {"stranger": other_artist, "owner": artist}
    if role in ("reviewer", "manager"):
        people[role] = make_artist("Sam", role=role)
    answers = {}
    for name, address in addresses.items():
        if role in people:
            client.force_login(people[role])
        answers[name] = client.get(address).status_code

    assert answers == {name: getattr(row, role) for name, row in TABLE.items()}


def test_who_asks_for_the_head_of_a_public_page_gets_it(
    client: Client, addresses: dict[str, str]
) -> None:
    """Monitors and checkers of links ask so."""
    public = {name: address for name, address in addresses.items() if TABLE[name].visitor == 200}

    answers = {name: client.head(address).status_code for name, address in public.items()}

    assert answers == dict.fromkeys(public, 200)


def test_a_visitor_at_a_work_may_sign_in_and_come_back(
    client: Client, addresses: dict[str, str]
) -> None:
    address = addresses["generations:work"]

    page = client.get(address).content.decode()

    assert f"/accounts/login/?next={address}" in page
