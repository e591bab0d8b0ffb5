"""A prepared query finds and makes what its queryset would, with whatever values."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.access.services import create_token
from artists.models import Artist, Cohort, Reservation, Token
from generations.models import Generation, VideoModel
from generations.models.generation import Move, Status
from portal.prepared import Arg, Count, Select, Update, insert

pytestmark = pytest.mark.django_db

KEY = models.IntegerField()


def facts(one: models.Model | None) -> Any:
    return one and {field.attname: getattr(one, field.attname) for field in one._meta.fields}


def tokens() -> "models.QuerySet[Token]":
    return Token.objects.select_related("artist__cohort").annotate(lower=Lower("name"))


@pytest.fixture
def queued(artist: Artist, video_model: VideoModel) -> Callable[..., Generation]:
    def make(**more: Any) -> Generation:
        reservation = Reservation(artist=artist, credits=4)
        insert(reservation)
        chosen = {"size": "1280x720", "duration_seconds": 4, "seed": 1, "price_credits": 4} | more
        generation = Generation(
            artist=artist,
            video_model=video_model,
            prompt="Ein Boot, 100 % aus Papier ⛵",
            reservation=reservation,
            **chosen,
        )
        insert(generation)
        return generation

    return make


def test_what_is_found_is_what_the_queryset_makes(
    artist: Artist, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Fields of every kind, what is joined, what is annotated; in one query."""
    made, _ = create_token(artist, "Laptop", networks=["203.0.113.0/24"])
    prepared = Select(lambda: tokens().filter(sha256=Arg("sha256", models.CharField())))

    with django_assert_num_queries(1):
        found = prepared.first(sha256=made.sha256)
        assert found is not None
        joined = found.artist, found.artist.cohort

    expected = tokens().get(pk=made.pk)
    assert facts(found) == facts(expected)
    assert [facts(one) for one in joined] == [facts(artist), facts(artist.cohort)]
    assert found.lower == "laptop"  # type: ignore[attr-defined]
    assert found.networks == ["203.0.113.0/24"]
    assert (found._state.adding, found._state.db) == (False, "default")


def test_what_is_joined_and_is_not_there_is_none(make_artist: Callable[..., Artist]) -> None:
    artist = make_artist("Eve")
    Artist.objects.filter(pk=artist.pk).update(cohort=None)
    prepared = Select(lambda: Artist.objects.select_related("cohort").filter(pk=Arg("pk", KEY)))

    found = prepared.rows(pk=artist.pk)

    assert [one.cohort for one in found] == [None]


def test_each_call_has_its_own_values(artist: Artist, other_artist: Artist) -> None:
    prepared = Select(lambda: Artist.objects.filter(pk=Arg("pk", KEY)))

    found = [prepared.first(pk=one) for one in (artist.pk, other_artist.pk, artist.pk, 0)]

    assert found == [artist, other_artist, artist, None]


def test_each_call_asks_the_database(artist: Artist) -> None:
    prepared = Select(lambda: Artist.objects.filter(pk=Arg("pk", KEY), is_active=True))
    assert prepared.first(pk=artist.pk) == artist

    Artist.objects.filter(pk=artist.pk).update(is_active=False)

    assert prepared.first(pk=artist.pk) is None


@pytest.mark.parametrize("name", ["' OR 1=1 --", "%s", "%(pk)s", "?", "\\"])
def test_a_value_is_never_read_as_sql(cohort: Cohort, name: str) -> None:
    other = Cohort.objects.create(name=name)
    prepared = Select(lambda: Cohort.objects.filter(name=Arg("name", models.CharField())))

    assert prepared.rows(name=name) == [other]


def test_a_moment_and_a_uuid_are_sent_as_their_columns_are(
    queued: Callable[..., Generation],
) -> None:
    generation = queued()
    prepared = Select(
        lambda: Generation.objects.filter(
            pk=Arg("pk", models.UUIDField()), created_at__lte=Arg("at", models.DateTimeField())
        )
    )
    at = generation.created_at

    assert prepared.rows(pk=generation.pk, at=at) == [generation]
    assert prepared.rows(pk=generation.pk, at=at - timedelta(microseconds=1)) == []


def test_none_is_refused_where_it_would_find_nothing() -> None:
    prepared = Select(lambda: Artist.objects.filter(cohort=Arg("cohort", KEY)))

    with pytest.raises(ValueError, match="cohort is None"):
        prepared.rows(cohort=None)


@pytest.mark.parametrize("values", [{}, {"pk": 1, "more": 2}, {"key": 1}])
def test_all_values_are_given_and_no_others(values: dict[str, int]) -> None:
    prepared = Select(lambda: Artist.objects.filter(pk=Arg("pk", KEY)))

    with pytest.raises(TypeError, match="pk"):
        prepared.rows(**values)


def test_a_moment_of_the_compilation_is_no_value() -> None:
    prepared = Select(lambda: Artist.objects.filter(date_joined__lt=timezone.now()))

    with pytest.raises(ValueError, match="must be an Arg"):
        prepared.rows()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps what it compiled")
def test_the_server_plans_once_what_is_asked_often(artist: Artist) -> None:
    """The values go beside the statement, so that to the server it is always the same one."""
    prepared = Select(lambda: Artist.objects.filter(pk=Arg("pk", KEY), email="asked@often.example"))

    for key in range(artist.pk, artist.pk + 8):
        prepared.rows(pk=key)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%artists_artist%%email%%$1%%'"
        )
        assert [count for (count,) in cursor.fetchall()] == [3]


def test_rows_are_counted(artist: Artist, other_artist: Artist) -> None:
    count = Count(lambda: Artist.objects.filter(cohort=Arg("cohort", KEY)))

    assert (count(cohort=artist.cohort_id), count(cohort=0)) == (2, 0)


def test_an_update_says_how_many_rows_it_changed(artist: Artist) -> None:
    reservation = Reservation.objects.create(artist=artist, credits=4)
    prepared = Update(
        lambda: Reservation.objects.filter(pk=Arg("pk", KEY), state=Reservation.State.HELD),
        credits=F("credits") + Arg("more", KEY),
        cost=Arg("cost", models.BigIntegerField(null=True)),
    )

    changed = [prepared(pk=key, more=3, cost=None) for key in (reservation.pk, 0)]

    reservation.refresh_from_db()
    assert (changed, reservation.credits, reservation.cost) == ([1, 0], 7, None)


def test_what_is_inserted_is_as_saved(queued: Callable[..., Generation]) -> None:
    """With its key, its times, its empty file and its emoji."""
    generation = queued()

    stored = Generation.objects.get(pk=generation.pk)

    assert facts(stored) == facts(generation) | {"first_image": stored.first_image}
    assert (stored.first_image.name or None) is None
    assert stored.status == Status.QUEUED
    generation.status = Status.CANCELLED
    generation.save()  # an UPDATE: it knows that it is stored
    assert Generation.objects.get().status == Status.CANCELLED


def test_many_are_inserted_at_once_each_with_its_key(
    queued: Callable[..., Generation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    generation, now = queued(), timezone.now()
    moves = [Move(generation=generation, to=to, at=now) for to in (Status.QUEUED, Status.READY)]

    with django_assert_num_queries(1):
        insert(*moves)

    assert [(one.pk, one.to) for one in generation.moves.all()] == [
        (one.pk, one.to) for one in moves
    ]


def test_what_the_database_refuses_ends_the_transaction(artist: Artist) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Reservation(artist=artist, credits=-1))

    assert not Reservation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_lock_takes_a_transaction_and_threads_compile_the_same() -> None:
    locking = Select(lambda: Cohort.objects.select_for_update().filter(pk=Arg("pk", KEY)))
    prepared = Select(lambda: Cohort.objects.filter(pk=Arg("pk", KEY)))
    cohorts = [Cohort.objects.create(name=f"{number}") for number in range(4)]

    def find(cohort: Cohort) -> bool:
        found = [prepared.first(pk=cohort.pk) for _ in range(20)]
        connection.close()
        return found == [cohort] * 20

    with pytest.raises(transaction.TransactionManagementError):
        locking.rows(pk=cohorts[0].pk)
    with transaction.atomic():
        assert locking.rows(pk=cohorts[0].pk) == cohorts[:1]
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(find, cohorts))
