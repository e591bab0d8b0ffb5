"""A token's own limits: a leaked token costs no more than they allow."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from artists.access.services import create_token, set_token_limits
from artists.models import Artist, LedgerEntry, Limit, Token, Window
from artists.quotas.checking import check_ledger
from artists.quotas.errors import NoLimitSet, QuotaExceeded
from artists.quotas.services import reserve
from generations.models import Generation, VideoModel
from portal.audit import Event
from tests.waiting import begin, on_postgresql, wait_until_it_waits

Period = Limit.Period


@pytest.fixture
def token(artist: Artist) -> Token:
    """A token of Ada's for 50 credits in total."""
    return create_token(artist, "laptop", ceilings={Period.TOTAL: 50})[0]


def test_a_token_has_no_limits_of_its_own_unless_it_is_given_some(artist: Artist) -> None:
    token, _ = create_token(artist, "laptop")

    reserve(artist=artist, amount=1000, token=token)

    assert not Limit.objects.filter(token=token).exists()


def test_a_leaked_token_costs_its_own_quota_at_most_and_the_refusal_names_it(
    artist: Artist, token: Token
) -> None:
    """I3"""
    reserve(artist=artist, amount=40, token=token)

    with pytest.raises(QuotaExceeded) as refusal:
        reserve(artist=artist, amount=11, token=token)

    assert refusal.value.message == (
        "This needs 11 credits, and 10 of 50 are left in total for the token “laptop”. "
        "It does not reset."
    )
    reserve(artist=artist, amount=960)  # the artist's own credits are not touched by it
    assert list(check_ledger()) == []


def test_a_token_draws_on_its_artists_limits_too(artist: Artist, token: Token) -> None:
    reserve(artist=artist, amount=970)

    with pytest.raises(QuotaExceeded, match="for you"):
        reserve(artist=artist, amount=40, token=token)


def test_another_tokens_limit_binds_nobody_else(artist: Artist, token: Token) -> None:
    other, _ = create_token(artist, "render farm")

    reserve(artist=artist, amount=900, token=other)

    assert {entry.window.limit.token_id for entry in LedgerEntry.objects.all()} == {
        None,
        token.pk,
    }


def test_its_artist_changes_it_up_and_down_and_takes_it_away(artist: Artist, token: Token) -> None:
    set_token_limits(token, {Period.TOTAL: 60, Period.DAY: 5})
    with pytest.raises(QuotaExceeded, match="today for the token"):
        reserve(artist=artist, amount=6, token=token)

    set_token_limits(token, {Period.DAY: None})
    reserve(artist=artist, amount=60, token=token)
    set_token_limits(token, {Period.TOTAL: 10})
    with pytest.raises(QuotaExceeded):
        reserve(artist=artist, amount=1, token=token)

    changes = LedgerEntry.objects.filter(by=artist).order_by("pk")
    moves = [(one.limit_was, one.limit_became) for one in changes]
    assert moves == [(None, 50), (50, 60), (None, 5), (5, None), (60, 10)]
    assert not Event.objects.exists()  # nobody else's access is concerned
    assert list(check_ledger()) == []


def test_setting_the_same_again_adds_nothing_to_the_ledger(token: Token) -> None:
    before = LedgerEntry.objects.count()

    set_token_limits(token, {Period.TOTAL: 50, Period.DAY: None})

    assert LedgerEntry.objects.count() == before


def test_a_limit_that_an_artist_sets_a_token_is_no_grant(artist: Artist, token: Token) -> None:
    """Who may spend nothing does not help oneself to a quota."""
    artist.limits.all().delete()

    with pytest.raises(NoLimitSet):
        reserve(artist=artist, amount=1, token=token)


def test_the_database_refuses_a_limit_of_a_token_and_of_somebody_else(
    artist: Artist, token: Token
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Limit.objects.create(artist=artist, token=token, period=Period.DAY, ceiling=1)


def test_a_program_is_told_which_limit_of_its_token_refuses(
    client: Client, artist: Artist, video_model: VideoModel
) -> None:
    """I3"""
    _, plaintext = create_token(artist, "laptop", ceilings={Period.DAY: 8})
    post = {"prompt": "A boat", "size": "1280x720", "seconds": "4"}
    header = {"authorization": f"Bearer {plaintext}"}
    first = client.post("/v1/videos", post, content_type="application/json", headers=header)
    second = client.post("/v1/videos", post, content_type="application/json", headers=header)

    assert (first.status_code, second.status_code) == (200, 429)
    error = second.json()["error"]
    assert error["code"] == "quota_exceeded"
    assert "for the token “laptop”" in error["message"]
    assert int(second["Retry-After"]) > 0
    assert Generation.objects.count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_limits_of_a_token_are_set_in_the_order_in_which_it_reserves(artist: Artist) -> None:
    """I3: whoever sets them waits for a reservation under way, and it never for them."""
    token, _ = create_token(artist, "laptop", ceilings={Period.TOTAL: 50})
    set_token_limits(token, {Period.DAY: 20})  # younger, and named first in the form
    first = Window.objects.get(limit__token=token, limit__period=Period.TOTAL)
    new = {Period.DAY: 15, Period.TOTAL: 40}

    with transaction.atomic():
        Limit.objects.select_for_update(no_key=True).get(pk=first.limit_id)  # as reserve() begins
        setting = begin(lambda: set_token_limits(token, new))
        wait_until_it_waits(setting)
        reserve(artist=artist, amount=5, token=token)
    setting.result(timeout=20)

    windows = Window.objects.filter(limit__token=token).order_by("limit__period")
    assert [(one.ceiling, one.held) for one in windows] == [(15, 5), (40, 5)]
    assert list(check_ledger()) == []
