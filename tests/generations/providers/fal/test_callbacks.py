"""Callbacks that fal signs: believed when they are genuine and fresh, and nothing else is."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from generations.providers.base import Account, Callback, ForgedCallback, ProviderUnavailable
from generations.providers.fal import Fal
from generations.providers.http import ANSWER_MAX_BYTES
from tests.emulators.base import Canned
from tests.emulators.deliveries import Delivery
from tests.emulators.fal import APP, KEY, KEYS_URL, Emulator
from tests.emulators.fal_keys import jwk
from tests.emulators.served import served

REQUEST_ID = "764cabcf-b745-4b3e-ae38-1200304cf45b"
EVENT = {
    "request_id": REQUEST_ID,
    "gateway_request_id": REQUEST_ID,
    "status": "OK",
    "error": None,
    "payload": {"video": {"url": "https://v3.fal.media/files/a.mp4"}},
}
HEARD = Callback(delivery_id=f"{REQUEST_ID}:OK", job_id=f"fal-ai/ltx-2/requests/{REQUEST_ID}")


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture(autouse=True)
def _cache(settings: Any) -> None:
    """One that goes by the clock of the tests: Redis has its own."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid4().hex}}


def deliver(emulator: Emulator, **changes: Any) -> Delivery:
    return emulator.keys.signed("https://portal.test/", EVENT, **changes)


def read(emulator: Emulator, delivery: Delivery, **changes: str) -> Callback:
    headers = {name.lower(): value for name, value in delivery.headers.items()} | changes
    return emulator.provider().read_callback(headers, delivery.body, model=APP)


def times_asked(emulator: Emulator) -> int:
    return len([one for one in emulator.requests if one.url.path.endswith("jwks.json")])


def test_a_genuine_callback_names_its_job(emulator: Emulator) -> None:
    assert read(emulator, deliver(emulator)) == HEARD


def test_a_callback_that_is_sent_again_has_the_same_id(emulator: Emulator) -> None:
    """Sent anew it has another timestamp and signature."""
    first, again = deliver(emulator), deliver(emulator, skew_seconds=30)

    assert first.headers != again.headers
    assert read(emulator, first).delivery_id == read(emulator, again).delivery_id
    failed = emulator.keys.signed("", EVENT | {"status": "ERROR"})
    assert read(emulator, failed).delivery_id != read(emulator, first).delivery_id


def test_the_keys_are_read_once_for_many_callbacks_and_without_our_credential(
    emulator: Emulator,
) -> None:
    """I2"""
    for _ in range(3):
        read(emulator, deliver(emulator))

    (asked,) = emulator.requests
    assert str(asked.url) == KEYS_URL
    assert KEY not in str(asked.headers.raw)


def test_a_key_set_has_the_address_of_fal_unless_the_account_names_another(
    emulator: Emulator,
) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=emulator.keys.published())

    fal = Fal(Account(name="fal", url="https://a.test", key=KEY), httpx.MockTransport(answer))
    delivery = deliver(emulator)
    fal.read_callback(
        {name.lower(): value for name, value in delivery.headers.items()}, delivery.body, model=APP
    )

    assert asked == ["https://rest.fal.ai/.well-known/jwks.json"]


def test_keys_are_kept_for_a_day(emulator: Emulator) -> None:
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False) as clock:
        read(emulator, deliver(emulator))
        clock.shift(23 * 3600)
        read(emulator, deliver(emulator))
        assert times_asked(emulator) == 1

        clock.shift(2 * 3600)
        read(emulator, deliver(emulator))
        assert times_asked(emulator) == 2


# --- What is not believed -----------------------------------------------------------------------


def test_a_body_that_was_changed_is_forged(emulator: Emulator) -> None:
    delivery = deliver(emulator)
    changed = Delivery(delivery.url, delivery.headers, delivery.body.replace(b"OK", b"KO"))

    with pytest.raises(ForgedCallback):
        read(emulator, changed)


@pytest.mark.parametrize("name", ["request-id", "user-id", "timestamp"])
def test_a_header_that_was_changed_is_forged(emulator: Emulator, name: str) -> None:
    delivery = deliver(emulator)
    header = f"x-fal-webhook-{name}"
    was = {name.lower(): value for name, value in delivery.headers.items()}[header]
    changed = str(int(was) + 1) if name == "timestamp" else f"{was}0"

    with pytest.raises(ForgedCallback):
        read(emulator, delivery, **{header: changed})


def test_a_signature_by_a_key_that_is_not_fals_is_forged(emulator: Emulator) -> None:
    with pytest.raises(ForgedCallback):
        read(emulator, deliver(emulator, key=Ed25519PrivateKey.generate()))


@pytest.mark.parametrize("skew_seconds", [-301, 301, -86_400, 10**12, 10**15])
def test_a_signature_of_another_time_is_not_believed(emulator: Emulator, skew_seconds: int) -> None:
    with pytest.raises(ForgedCallback):
        read(emulator, deliver(emulator, skew_seconds=skew_seconds))
    assert times_asked(emulator) == 0


@pytest.mark.parametrize("skew_seconds", [-290, 290])
def test_a_clock_that_goes_wrong_by_less_than_five_minutes_is_borne(
    emulator: Emulator, skew_seconds: int
) -> None:
    assert read(emulator, deliver(emulator, skew_seconds=skew_seconds)) == HEARD


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, "") for name in ("request-id", "user-id", "timestamp", "signature")],
        ("timestamp", "yesterday"),
        ("timestamp", "-1"),
        ("timestamp", "1e9"),
        ("timestamp", "\N{ARABIC-INDIC DIGIT ONE}"),
        ("signature", "not hexadecimal"),
        ("signature", "\N{SNOWMAN}" * 128),
        ("signature", "00" * 63),
        ("signature", "00" * 65),
        ("signature", "00" * 64),
        ("user-id", "half a pair: \ud800"),
        ("user-id", "latin \xe9"),
    ],
)
def test_a_header_that_is_missing_or_odd_is_forged(
    emulator: Emulator, name: str, value: str
) -> None:
    with pytest.raises(ForgedCallback):
        read(emulator, deliver(emulator), **{f"x-fal-webhook-{name}": value})


def test_a_callback_without_any_header_of_fals_asks_for_no_key(emulator: Emulator) -> None:
    with pytest.raises(ForgedCallback):
        emulator.provider().read_callback({}, b"{}", model=APP)
    assert times_asked(emulator) == 0


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"request_id": None},
        {"request_id": 7},
        {"request_id": ["a"]},
        {"request_id": "../../admin"},
        {"request_id": "x" * 101},
        {"request_id": "odd\ud800"},
        b"[1, 2]",
        b"no json",
        b"\xff",
        b"[" * 100_000,
        b"",
    ],
    ids=lambda event: str(event)[:30],
)
def test_a_signed_callback_without_a_request_is_not_believed(
    emulator: Emulator, event: dict[str, Any] | bytes
) -> None:
    with pytest.raises(ForgedCallback, match="a signed callback"):
        read(emulator, emulator.keys.signed("", event))


def test_a_callback_for_a_video_model_that_is_no_app_of_fals_is_not_believed(
    emulator: Emulator,
) -> None:
    delivery = deliver(emulator)
    headers = {name.lower(): value for name, value in delivery.headers.items()}

    with pytest.raises(ForgedCallback):
        emulator.provider().read_callback(headers, delivery.body, model="sketch-1")


# --- The keys -----------------------------------------------------------------------------------


def test_a_key_that_is_new_is_read_when_it_is_met(emulator: Emulator) -> None:
    read(emulator, deliver(emulator))
    old = deliver(emulator)
    emulator.keys.rotate()
    with time_machine.travel(now_and(61), tick=False):
        assert read(emulator, deliver(emulator)) == HEARD
        assert read(emulator, old) == HEARD  # the last key is published for a while
    assert times_asked(emulator) == 2


def test_a_key_that_is_published_no_longer_is_not_believed_once_that_is_known(
    emulator: Emulator,
) -> None:
    read(emulator, deliver(emulator))
    old = deliver(emulator)
    emulator.keys.rotate()
    emulator.keys.rotate()
    with time_machine.travel(now_and(61), tick=False):
        read(emulator, deliver(emulator))
        with pytest.raises(ForgedCallback):
            read(emulator, old)


def test_made_up_signatures_do_not_make_us_ask_more_often_than_once_a_minute(
    emulator: Emulator,
) -> None:
    read(emulator, deliver(emulator))
    with time_machine.travel(now_and(61), tick=False) as clock:
        for _ in range(20):
            with pytest.raises(ForgedCallback):
                read(emulator, deliver(emulator, key=Ed25519PrivateKey.generate()))
        assert times_asked(emulator) == 2
        assert read(emulator, deliver(emulator)) == HEARD  # the genuine ones go on

        clock.shift(61)
        with pytest.raises(ForgedCallback):
            read(emulator, deliver(emulator, key=Ed25519PrivateKey.generate()))
        assert times_asked(emulator) == 3


def one_key_among(others: list[Any]) -> Callable[[Emulator], Canned]:
    return lambda emulator: Canned(json={"keys": others + emulator.keys.published()["keys"]})


RSA = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
ODD_KEYS: list[Any] = [
    RSA,
    {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
    {"kty": "OKP", "crv": "Ed25519"},
    {"kty": "OKP", "crv": "Ed25519", "x": "short"},
    {"kty": "OKP", "crv": "Ed25519", "x": "\N{SNOWMAN}"},
    {"kty": "OKP", "crv": "Ed25519", "x": 7},
    {"kty": "OKP", "crv": "Ed25519", "x": "_" * 43},  # no point of the curve
    None,
    "key",
    [],
]


def test_keys_that_are_not_for_this_are_passed_over(emulator: Emulator) -> None:
    emulator.faults.canned["keys"] = one_key_among(ODD_KEYS)(emulator)

    assert read(emulator, deliver(emulator)) == HEARD


def test_a_long_key_set_is_read_up_to_a_bound(emulator: Emulator) -> None:
    many = [jwk(Ed25519PrivateKey.generate()) for _ in range(60)]
    emulator.faults.canned["keys"] = one_key_among(many)(emulator)

    with pytest.raises(ForgedCallback):
        read(emulator, deliver(emulator))


@pytest.mark.parametrize(
    "answer",
    [
        Canned(500),
        Canned(200, text="<h1>Good morning</h1>"),
        Canned(200, json={"keys": []}),
        Canned(200, json={"keys": {"a": 1}}),
        Canned(200, json=["keys"]),
        Canned(200, json={"keys": [RSA]}),
        Canned(200, text=" " * (ANSWER_MAX_BYTES + 1)),
        Canned(302, headers={"location": "https://elsewhere.test/jwks.json"}),
    ],
    ids=["500", "html", "empty", "object", "list", "rsa", "huge", "redirect"],
)
def test_where_the_keys_cannot_be_read_nothing_is_decided_and_the_old_ones_are_kept(
    emulator: Emulator, answer: Canned
) -> None:
    emulator.faults.canned["keys"] = answer
    for _ in range(3):
        with pytest.raises(ProviderUnavailable):
            read(emulator, deliver(emulator))
    assert (times_asked(emulator), len(emulator.requests)) == (1, 1)

    del emulator.faults.canned["keys"]
    with time_machine.travel(now_and(61), tick=False):
        assert read(emulator, deliver(emulator)) == HEARD
    emulator.faults.canned["keys"] = answer
    with time_machine.travel(now_and(122), tick=False):
        with pytest.raises(ProviderUnavailable):
            read(emulator, deliver(emulator, key=Ed25519PrivateKey.generate()))
        assert read(emulator, deliver(emulator)) == HEARD


def test_over_real_http_a_key_set_that_is_slow_or_away_is_left(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generations.providers.key_set.READ_WITHIN_SECONDS", 0.2)
    emulator.faults.delay_seconds = 0.5
    with served(emulator, base="/.well-known/jwks.json") as url:
        for address in (url, "http://127.0.0.1:9/"):
            fal = Fal(Account(name="fal", url="http://127.0.0.1:9", key=KEY, keys_url=address))
            delivery = deliver(emulator)
            headers = {name.lower(): value for name, value in delivery.headers.items()}
            with pytest.raises(ProviderUnavailable):
                fal.read_callback(headers, delivery.body, model=APP)


def now_and(seconds: int) -> float:

    return time.time() + seconds
