"""Rotation, and what is noticed of uses of a token that is over."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from artists.access import dead_uses
from artists.access.errors import NotLive
from artists.access.services import create_token, revoke, rotate
from artists.access.tokens import mint, parse
from artists.models import DeadUse, RotatedSecret, Token
from tests.artists.access.test_bounds import ask, refusal
from tests.second_factor import FullClient

WEEK = timedelta(days=7)


def turn(token: Token, *, overlap: timedelta = timedelta(), days: int = 30) -> str:
    return rotate(token, expires_in_days=days, overlap=overlap)


def test_the_secret_before_is_good_for_its_time_and_not_longer(client, artist, time_machine):
    time_machine.move_to("2026-11-25 12:00Z", tick=False)
    token, before = create_token(artist, "laptop")
    after = turn(token, overlap=timedelta(hours=1))

    assert ask(client, before).status_code == ask(client, after).status_code == 200
    time_machine.move_to("2026-11-25 13:00Z", tick=False)
    assert refusal(ask(client, before)) == (401, "token_rotated")
    assert ask(client, after).status_code == 200


def test_what_was_made_with_a_token_stays_with_it(client, artist):
    token, _ = create_token(artist, "laptop", scopes=["videos:read"], networks=["127.0.0.0/8"])

    after = turn(token)

    (same,) = Token.objects.all()
    assert (same.pk, same.scopes, same.networks) == (token.pk, ["videos:read"], ["127.0.0.0/8"])
    assert (same.sha256, same.hint) == (parse(after), after[-4:])
    assert after not in str(RotatedSecret.objects.values().get())


def test_an_overlap_outlives_no_secret(client, artist):
    token, _ = create_token(artist, "laptop", 1)

    turn(token, overlap=WEEK, days=365)

    assert RotatedSecret.objects.get().good_until == token.expires_at


def test_every_earlier_secret_is_known_for_ever(client, artist):
    token, first = create_token(artist, "laptop")
    second = turn(token)
    third = turn(token)

    answers = [refusal(ask(client, secret)) for secret in (first, second)]

    assert answers == [(401, "token_rotated")] * 2
    assert ask(client, third).status_code == 200


def test_a_revocation_ends_the_overlap_too(client, artist):
    """I8"""
    token, before = create_token(artist, "laptop")
    after = turn(token, overlap=WEEK)

    revoke(token, by=artist)

    assert [refusal(ask(client, one))[1] for one in (before, after)] == ["token_revoked"] * 2
    with pytest.raises(NotLive):
        turn(token)


@pytest.mark.parametrize("days", [0, 366])
def test_a_new_secret_lives_a_year_at_most(artist, days):
    token, before = create_token(artist, "laptop")

    with pytest.raises(ValueError, match="from 1 to 365 days"):
        turn(token, days=days)
    assert Token.objects.get().sha256 == parse(before)
    assert not RotatedSecret.objects.exists()


def test_the_overlap_costs_one_query_more(client, artist, django_assert_num_queries):
    token, before = create_token(artist, "laptop")
    turn(token, overlap=WEEK)
    ask(client, before, "/v1/webhook_event_types")

    with django_assert_num_queries(2):
        ask(client, before, "/v1/webhook_event_types")


@pytest.fixture
def dead(artist) -> dict[str, str]:
    """A dead token of each kind, by the reason for which it is refused."""
    revoked, of_revoked = create_token(artist, "revoked")
    revoke(revoked, by=artist)
    _, of_expired = create_token(artist, "expired")
    Token.objects.filter(name="expired").update(expires_at=timezone.now())
    rotated, of_rotated = create_token(artist, "rotated")
    turn(rotated)
    _, elsewhere = create_token(artist, "elsewhere", networks=["10.0.0.0/8"])
    return {
        "revoked": of_revoked,
        "expired": of_expired,
        "rotated": of_rotated,
        "elsewhere": elsewhere,
    }


def test_each_use_of_a_dead_token_is_written_down(client, dead):
    """I11: and never the token."""
    for key in dead.values():
        ask(client, key, REMOTE_ADDR="192.0.2.1", HTTP_USER_AGENT="curl/8")

    found = DeadUse.objects.order_by("pk").values_list("token__name", "why", "network", "client")
    assert list(found) == [(why, why, "192.0.2.1", "curl/8") for why in dead]
    assert not any(key in str(list(DeadUse.objects.values())) for key in dead.values())


def test_what_is_no_token_of_ours_is_written_down_nowhere(client, artist):
    for text in (mint(), "grm_", ""):
        ask(client, text)

    assert not DeadUse.objects.exists()


def test_a_flood_is_one_row_an_hour_and_one_write_a_second(client, dead, time_machine):
    time_machine.move_to("2026-11-25 12:00:00Z", tick=False)
    key = dead["revoked"]
    ask(client, key)

    with CountedWrites() as writes:
        for _ in range(20):
            assert refusal(ask(client, key)) == (401, "token_revoked")
    assert writes.found == []
    time_machine.move_to("2026-11-25 12:00:01Z", tick=False)
    ask(client, key)

    assert DeadUse.objects.get().times == 2
    time_machine.move_to("2026-11-25 13:00:00Z", tick=False)
    ask(client, key)
    assert [use.times for use in DeadUse.objects.all()] == [1, 2]


def test_a_flood_from_everywhere_is_bounded_too(client, dead, monkeypatch):
    monkeypatch.setattr(dead_uses, "NETWORKS_AN_HOUR", 3)
    for number in range(8):
        ask(client, dead["revoked"], REMOTE_ADDR=f"192.0.2.{number}")

    rows = DeadUse.objects.order_by("pk").values_list("network", flat=True)
    assert list(rows) == ["192.0.2.0", "192.0.2.1", "192.0.2.2", ""]


def test_the_addresses_of_one_house_are_one_network(client, dead):
    for number in range(5):
        ask(client, dead["revoked"], REMOTE_ADDR=f"2001:db8:1:2::{number}")

    assert DeadUse.objects.get().network == "2001:db8:1:2::/64"


def test_the_artist_is_told_once_a_token(client, dead, artist, mailoutbox):
    for key in dead.values():
        ask(client, key, HTTP_USER_AGENT="http://evil.example/")

    dead_uses.tell_artists()
    ask(client, dead["revoked"], REMOTE_ADDR="192.0.2.9")
    dead_uses.tell_artists()

    assert len(mailoutbox) == len(dead)
    letter = next(one for one in mailoutbox if "“revoked”" in one.subject)
    assert letter.to == [artist.email]
    assert "127.0.0.1" in letter.body
    assert "/tokens/" in letter.body
    assert "evil" not in letter.body  # nobody writes letters through us
    assert not any(key in one.body + one.subject for key in dead.values() for one in mailoutbox)


def test_a_letter_that_the_mail_server_does_not_take_is_written_again(
    client, dead, settings, mailoutbox, monkeypatch
):
    ask(client, dead["revoked"])
    monkeypatch.setattr(EmailBackend, "send_messages", _away)
    dead_uses.tell_artists()
    monkeypatch.undo()
    assert mailoutbox == []

    dead_uses.tell_artists()

    assert len(mailoutbox) == 1


def test_a_live_token_is_no_news(client, artist, mailoutbox):
    _, key = create_token(artist, "laptop")
    ask(client, key)

    dead_uses.tell_artists()

    assert mailoutbox == []


def test_the_artist_and_managers_see_it_and_nobody_else(
    client, dead, artist, other_artist, manager
):
    """I7"""
    ask(client, dead["expired"], HTTP_USER_AGENT="<b>curl</b>")
    pages = {}
    for person in (artist, other_artist, manager):
        browser = FullClient()
        browser.force_login(person)
        pages[person] = [browser.get("/tokens/"), browser.get("/tokens/refused/")]

    own, theirs = (
        [("expired" in page.text, page.status_code) for page in pages[one]]
        for one in (artist, manager)
    )
    assert own == [(True, 200), (False, 404)]
    assert theirs == [(False, 200), (True, 200)]
    assert [page.status_code for page in pages[other_artist]] == [200, 404]
    assert "expired" not in pages[other_artist][0].text
    assert "&lt;b&gt;curl" in pages[manager][1].text
    assert artist.email in pages[manager][1].text


def test_the_managers_page_pages_with_the_same_queries(
    client, dead, manager, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("artists.access.refused.PAGE_SIZE", 2)
    client.force_login(manager)
    for key in dead.values():
        ask(client, key)
    first = client.get("/tokens/refused/")

    with django_assert_num_queries(6):
        second = client.get("/tokens/refused/", {"before": first.context["next"]})

    shown = [use.why for page in (first, second) for use in page.context["dead_uses"]]
    assert shown == list(reversed(dead))
    assert second.context["next"] == ""
    for odd in ("x", "-1", "²", "9" * 30):
        assert client.get("/tokens/refused/", {"before": odd}).status_code == 200


def test_old_rows_are_forgotten(client, dead):
    ask(client, dead["expired"])
    ask(client, dead["revoked"])
    DeadUse.objects.filter(why="expired").update(hour=timezone.now() - timedelta(days=91))

    dead_uses.tidy()

    assert DeadUse.objects.get().why == "revoked"


class CountedWrites:
    """Which statements wrote, of those that ran within."""

    def __enter__(self):
        self.found: list[str] = []
        self._wrapper = connection.execute_wrapper(self._look)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *exc):
        self._wrapper.__exit__(*exc)

    def _look(self, execute, sql, params, many, context):
        if not sql.startswith("SELECT"):
            self.found.append(sql)
        return execute(sql, params, many, context)


def _away(*arguments):
    raise OSError("the mail server is away")
