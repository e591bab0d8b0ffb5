"""Programs that ask at once: threads with connections of their own, on the suite's database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from allauth.idp.oidc.internal.oauthlib import device_codes
from django.db import connection

from artists.models import Token
from tests.artists.programs.test_programs import answer_code, ask_for_code, browser, poll, refresh

__all__ = ["browser"]

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act, *, threads):
    barrier = threading.Barrier(threads)

    def run(_):
        connection.ensure_connection()
        barrier.wait(timeout=30)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_two_polls_for_one_code_have_one_program_between_them(browser, monkeypatch):
    """Each reads that the code is granted before the other has taken it."""
    given = ask_for_code()
    answer_code(browser, given)
    write, both_read = device_codes.update_device_state, threading.Barrier(2)

    def write_together(device_code, state):
        with suppress(threading.BrokenBarrierError):
            both_read.wait(timeout=2)
        return write(device_code, state)

    monkeypatch.setattr(device_codes, "update_device_state", write_together)

    answers = at_once(lambda: poll(given), threads=2)

    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert Token.objects.count() == 1


@pytest.mark.parametrize("action", ["confirm", "deny"])
def test_an_answer_that_falls_into_a_poll_is_kept(browser, monkeypatch, action):
    """allauth's poll reads a code and writes it back: what is said between must not be lost."""
    given = ask_for_code()
    write, is_reading, answered = (
        device_codes.update_device_state,
        threading.Event(),
        threading.Event(),
    )

    def write_slowly(device_code, state):
        if state["granted"] is None:
            is_reading.set()
            answered.wait(timeout=2)
        return write(device_code, state)

    monkeypatch.setattr(device_codes, "update_device_state", write_slowly)

    def poll_aside():
        try:
            return poll(given).json()["error"]
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as aside:
        polled = aside.submit(poll_aside)
        is_reading.wait(timeout=30)
        answer_code(browser, given, action)
        answered.set()
        assert polled.result() == "authorization_pending"

    kept = device_codes.cache.get(device_codes.cache_device_code_key(given["device_code"]))
    assert kept["granted"] is (action == "confirm")


def test_a_code_that_is_answered_twice_keeps_the_first_answer(browser):
    given = ask_for_code()
    answer_code(browser, given, "deny")

    answer_code(browser, given)

    assert poll(given).json()["error"] == "access_denied"


def test_refreshes_at_once_leave_no_two_with_the_program(browser):
    """Two have its refresh token: one is served, and then it ends."""
    given = ask_for_code()
    answer_code(browser, given)
    signed_in = poll(given).json()

    answers = at_once(lambda: refresh(signed_in["refresh_token"]), threads=8)

    assert [answer.status_code for answer in answers].count(200) == 1
    assert Token.objects.get().revoked_at is not None
