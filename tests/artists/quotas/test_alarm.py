"""The ledger check on the schedule: never a false alarm, and one letter for each new finding."""

import logging
import smtplib
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from artists.models import Artist, Departure, LedgerCheck, Limit, Reservation, Window
from artists.quotas import services
from artists.quotas.alarm import check_and_alarm
from artists.quotas.checking import check_ledger
from artists.quotas.services import refund, settle
from artists.tasks import check_ledger as check_ledger_task
from portal.celery import app
from portal.snapshot import snapshot

reserve = transaction.atomic(services.reserve)  # each in a transaction of its own


def break_window(window: Window, by: int = 1) -> None:
    Window.objects.filter(pk=window.pk).update(held=window.held + by)


def criticals(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.message for one in caplog.records if one.levelno == logging.CRITICAL]


def test_a_ledger_that_adds_up_is_written_down_and_nobody_is_told(
    artist: Artist, manager: Artist, caplog: pytest.LogCaptureFixture
) -> None:
    reserve(artist=artist, amount=40)

    check_ledger_task.apply()

    check = LedgerCheck.last()
    assert (check.wrong, check.windows, check.sentences) == (0, 1, [])
    assert check.at is not None
    assert (mail.outbox, criticals(caplog)) == ([], [])


def test_each_finding_is_logged_each_time_and_told_to_every_manager_once(
    artist: Artist, manager: Artist, reviewer: Artist, caplog: pytest.LogCaptureFixture
) -> None:
    """I3: what moves meanwhile makes no new finding of an old one."""
    reserve(artist=artist, amount=40)
    break_window(Window.objects.get())

    check_and_alarm()
    refund(reserve(artist=artist, amount=7))
    reserve(artist=artist, amount=5)
    check_and_alarm()

    (letter,) = mail.outbox
    assert letter.to == [manager.email]
    assert "held is 41, the ledger says 40" in letter.body
    assert letter.subject == "The ledger of Greenroom does not add up"
    assert len(criticals(caplog)) == 2
    assert LedgerCheck.last().sentences == [
        f"window {Window.objects.get().pk}: held is 46, the ledger says 45"
    ]


def test_a_manager_who_has_left_is_not_written_to(
    artist: Artist, manager: Artist, make_artist: Callable[..., Artist]
) -> None:
    gone = make_artist("Gwen", role="manager")
    now = timezone.now()
    Departure.objects.create(artist=gone, by=gone, kind="left", ends_at=now, erase_at=now)
    reserve(artist=artist, amount=40)
    break_window(Window.objects.get())

    check_and_alarm()

    assert [letter.to for letter in mail.outbox] == [[manager.email]]


def test_a_second_finding_is_told_and_the_first_not_again(
    artist: Artist, other_artist: Artist, manager: Artist
) -> None:
    for one in (artist, other_artist):
        reserve(artist=one, amount=40)
    first, second = Window.objects.order_by("pk")
    break_window(first)
    check_and_alarm()
    break_window(second)

    check_and_alarm()

    assert len(mail.outbox) == 2
    assert f"window {second.pk}:" in mail.outbox[1].body
    assert f"window {first.pk}:" not in mail.outbox[1].body


def test_what_was_mended_and_breaks_again_is_told_again(artist: Artist, manager: Artist) -> None:
    reserve(artist=artist, amount=40)
    window = Window.objects.get()
    for by in (1, 0, 1):
        break_window(window, by=by)
        check_and_alarm()

    assert len(mail.outbox) == 2


def test_a_letter_that_the_mail_server_did_not_take_is_written_at_the_next_check(
    artist: Artist, manager: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve(artist=artist, amount=40)
    break_window(Window.objects.get())

    def away(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            check_and_alarm()
    check_and_alarm()

    assert len(mail.outbox) == 1


def test_the_schedule_knows_both_tasks() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert {"artists.tasks.check_ledger", "artists.tasks.follow_raises"} <= scheduled
    assert scheduled <= set(app.tasks)


@pytest.fixture
def writers(artist: Artist, other_artist: Artist) -> Iterator[Event]:
    """Two artists who reserve, settle and refund without a rest until the event is set."""
    stop = Event()
    Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=100_000_000)
    Limit.objects.create(cohort=artist.cohort, period=Limit.Period.DAY, ceiling=1_000_000)
    Limit.objects.filter(artist__isnull=False).update(ceiling=1_000_000)

    def write(one: Artist) -> None:
        try:
            while not stop.is_set():
                settle(reserve(artist=one, amount=7, money=50), amount=7, cost=40)
                refund(reserve(artist=one, amount=3, money=20))
                reserve(artist=one, amount=1, money=10)
        finally:
            connection.close()

    threads = [Thread(target=write, args=[one]) for one in (artist, other_artist)]
    for thread in threads:
        thread.start()
    yield stop
    stop.set()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_the_check_is_never_wrong_about_a_ledger_that_others_write(
    writers: Event, caplog: pytest.LogCaptureFixture
) -> None:
    """I3: it reads one state, in which every transaction stands whole or not at all."""
    before = Reservation.objects.count()
    checks, ends_at = 0, time.monotonic() + 60
    while checks < 25 or Reservation.objects.count() <= before + 25:
        assert time.monotonic() < ends_at, "the check held the writers up"
        check_and_alarm()
        checks += 1
    writers.set()

    assert criticals(caplog) == []


@pytest.mark.django_db(transaction=True)
def test_without_a_snapshot_others_would_make_it_look_wrong(artist: Artist) -> None:
    """The proof that the snapshot is needed: what is written between two reads is in one alone."""
    reserve(artist=artist, amount=40)

    with snapshot():
        assert Window.objects.get().held == 40
        other = Thread(target=_reserve_elsewhere, args=[artist])
        other.start()
        other.join()
        assert list(check_ledger()) == []
        assert Window.objects.get().held == 40
    assert Window.objects.get().held == 45


def _reserve_elsewhere(artist: Artist) -> None:
    try:
        reserve(artist=artist, amount=5)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_after_a_snapshot_transactions_are_what_they_were(artist: Artist) -> None:
    with snapshot():
        Window.objects.count()

    with transaction.atomic():
        reserve(artist=artist, amount=5)

    assert getattr(connection, "transaction_mode", "IMMEDIATE") == "IMMEDIATE"
