"""Many rows at once: copies of one row, made by the database itself."""

from typing import Any

from django.db import connection, models

from artists.models import Artist, Cohort, Reservation
from generations.models import Attempt, Generation, Rate, VideoModel
from generations.models.generation import Status

SERIES = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"


def make_video_model(*, concurrency: int = 2) -> VideoModel:
    model = VideoModel.objects.create(
        name="bench-1",
        title="Bench 1",
        provider="sketch",
        native_name="bench-1",
        durations=[4],
        concurrency=concurrency,
    )
    Rate.objects.create(video_model=model, size="1280x720", credits_per_second=1)
    return model


def make_artist(name: str, cohort: Cohort) -> Artist:
    return Artist.objects.create_user(f"{name}@example.org", credit_name=name, cohort=cohort)


def make_generations(
    count: int, *, artist: Artist, video_model: VideoModel, status: Status, **facts: Any
) -> None:
    """Make so many generations with their reservations and, once sent, their attempts."""
    if not count:
        return
    reservation = Reservation.objects.create(artist=artist, credits=4)
    generation = Generation.objects.create(
        artist=artist,
        video_model=video_model,
        prompt="A paper boat on a quiet lake at dawn, seen from above",
        size="1280x720",
        duration_seconds=4,
        seed=1,
        price_credits=4,
        reservation=reservation,
        status=status,
        **facts,
    )
    first = reservation.pk
    _multiply(reservation, count - 1, id=f"{first} + n.i")
    of_each = _uuid(f"{first} + n.i")
    _multiply(generation, count - 1, id=of_each, reservation_id=f"{first} + n.i")
    if status == Status.QUEUED:
        return
    attempt = Attempt.objects.create(
        generation=generation,
        provider="sketch",
        state=Attempt.State.ACCEPTED,
        provider_job_id=f"job_{first}",
        sent_at=generation.created_at,
    )
    job_id = f"'job_' || ({first} + n.i)"
    _multiply(attempt, count - 1, id=of_each, generation_id=of_each, provider_job_id=job_id)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _uuid(number: str) -> str:
    """SQL for the UUID that ends in a number."""
    if connection.vendor == "sqlite":
        return f"printf('%%032x', {number})"
    return f"lpad(to_hex({number}), 32, '0')::uuid"


def _multiply(row: models.Model, count: int, **changes: str) -> None:
    if not count:  # a series has one row at least
        return
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    values = [changes.get(str(column), f't."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    series = f"SELECT {', '.join(values)} FROM {table} t, n WHERE t.id = %s"
    key = row.pk.hex if connection.vendor == "sqlite" and hasattr(row.pk, "hex") else row.pk
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {SERIES} {series}", [count, key])
        if connection.vendor == "postgresql" and isinstance(row.pk, int):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
