"""What changes something is nobody's but one's own: the POSTs of the table."""

from django.test import Client

from artists.models import Artist
from tests.second_factor import say_who
from tests.urls.table import POST_ALONE, TABLE

OF_NOBODY = (
    "callback",  # a secret in the address stands for a session
    "artists:withdraw_application",  # as it does here
    "generations:unlock",  # a password of one page, no person's
    "idp:oidc:device_code",  # and these answer to a secret in the form
    "idp:oidc:token",
    "idp:oidc:revoke",
    "artists:decline_terms",  # and these are one's own, whoever one is
    "artists:end_other_sessions",
)
POSTS = [name for name, row in TABLE.items() if row == POST_ALONE and name not in OF_NOBODY]


def test_nobody_acts_on_what_is_anothers(
    client: Client, addresses: dict[str, str], other_artist: Artist
) -> None:
    """I7: another artist's POST answers 404, a visitor's leads to sign in."""
    of_a_visitor = {name: client.post(addresses[name]).status_code for name in POSTS}

    client.force_login(other_artist)
    say_who(client, other_artist)
    of_another = {name: client.post(addresses[name]).status_code for name in POSTS}

    assert of_a_visitor == dict.fromkeys(POSTS, 302)
    assert of_another == dict.fromkeys(POSTS, 404)
