"""Second factors: a code from an app, recovery codes, and what may go wrong with each."""

import base64
import json
import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from artists.accounts.factors import FactorAdapter
from tests.second_factor import KEY, code_now, give_app, say_who

LOGIN = reverse("account_login")
SECOND_STEP = reverse("mfa_authenticate")
INDEX = reverse("mfa_index")
PASSWORD = "correct horse"
HOME = reverse("home")


@pytest.fixture
def ada(artist):
    """Ada, whose address is proven and who has an app."""
    EmailAddress.objects.create(user=artist, email=artist.email, verified=True, primary=True)
    give_app(artist)
    return artist


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def sign_in(client, artist) -> None:
    client.post(LOGIN, {"login": artist.email, "password": PASSWORD})


def is_it_me(client, address: str):
    """Open a page that asks first who it is, and say so with a code."""
    asked = client.get(address)
    assert asked.status_code == 302
    return client.post(asked["Location"], {"code": code_now()}, follow=True)


def test_a_password_alone_does_not_sign_in_who_has_a_second_factor(client, ada):
    answer = client.post(LOGIN, {"login": ada.email, "password": PASSWORD})

    assert answer["Location"] == SECOND_STEP
    assert not is_signed_in(client)
    assert client.post(SECOND_STEP, {"code": code_now()})["Location"] == HOME
    assert is_signed_in(client)


def test_nor_does_a_mailed_code(client, ada, mailed_code):
    client.post(reverse("account_request_login_code"), {"email": ada.email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})

    assert answer["Location"] == SECOND_STEP
    assert not is_signed_in(client)


def test_nor_a_link_that_sets_a_new_password(client, ada):
    client.post(reverse("account_reset_password"), {"email": ada.email})
    link = re.search(r"\S+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    form = client.get(link[1], follow=True)
    new = "a boat of paper 7"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    assert not is_signed_in(client)
    assert client.post(LOGIN, {"login": ada.email, "password": new})["Location"] == SECOND_STEP


@pytest.mark.parametrize("code", ["000000", "", "0" * 5000, "\uff11\uff12\uff13", "\x00", "-1"])
def test_a_wrong_code_is_refused(client, ada, code):
    sign_in(client, ada)

    page = client.post(SECOND_STEP, {"code": code})

    assert page.context["form"].errors["code"]
    assert not is_signed_in(client)


def test_a_code_works_once(client, ada):
    code = code_now()
    sign_in(client, ada)
    client.post(SECOND_STEP, {"code": code})
    client.post(reverse("account_logout"))
    sign_in(client, ada)

    client.post(SECOND_STEP, {"code": code})

    assert not is_signed_in(client)


def test_nor_again_in_the_last_half_minute_in_which_it_would_be_taken(client, ada):
    begin = int(time.time()) // 30 * 30
    with time_machine.travel(begin, tick=False):
        code = code_now(steps_ahead=1)
        sign_in(client, ada)
        client.post(SECOND_STEP, {"code": code})
        assert is_signed_in(client)
        client.post(reverse("account_logout"))
    with time_machine.travel(begin + 89, tick=False):
        assert code == code_now(steps_ahead=-1)
        sign_in(client, ada)

        client.post(SECOND_STEP, {"code": f"{code[:3]} {code[3:]}"})

    assert not is_signed_in(client)


def test_a_code_that_set_an_app_up_signs_nobody_in(client, artist):
    EmailAddress.objects.create(user=artist, email=artist.email, verified=True, primary=True)
    client.force_login(artist)
    say_who(client, artist)
    key = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = code_now(key)
    client.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(type="totp").exists()
    client.post(reverse("account_logout"))
    sign_in(client, artist)

    client.post(SECOND_STEP, {"code": code})

    assert not is_signed_in(client)


def test_a_clock_half_a_minute_wrong_does_not_matter_and_a_minute_does(client, ada):
    for steps, works in ((2, False), (-2, False), (1, True)):
        sign_in(client, ada)
        client.post(SECOND_STEP, {"code": code_now(steps_ahead=steps)})
        assert is_signed_in(client) == works


def test_guessing_codes_is_stopped_wherever_the_guesses_come_from(client, ada):
    sign_in(client, ada)
    for number in range(6):
        client.post(SECOND_STEP, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}")

    page = client.post(SECOND_STEP, {"code": code_now()}, REMOTE_ADDR="192.0.2.99")

    assert "Too many failed" in str(page.context["form"].errors)
    assert not is_signed_in(client)


def test_a_recovery_code_stands_in_once(client, ada):
    client.force_login(ada)
    is_it_me(client, reverse("mfa_generate_recovery_codes"))
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    codes = re.findall(r"\b\d{8}\b", page.text)
    assert len(set(codes)) == 10
    client.post(reverse("account_logout"))

    for works in (True, False):
        sign_in(client, ada)
        client.post(SECOND_STEP, {"code": codes[0]})
        assert is_signed_in(client) == works
        client.post(reverse("account_logout"))


def test_recovery_codes_end_with_the_last_second_factor(client, ada):
    client.force_login(ada)
    is_it_me(client, reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_generate_recovery_codes"))

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject.endswith("An authenticator app was removed")


def test_keys_lie_encrypted(ada):
    stored = Authenticator.objects.get().data["secret"]

    assert KEY not in stored
    assert FactorAdapter().decrypt(stored) == KEY


def test_keys_are_read_after_the_secret_key_was_changed(ada, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another long and random text"

    stored = Authenticator.objects.get().data["secret"]

    assert FactorAdapter().decrypt(stored) == KEY


def test_a_password_is_not_enough_to_change_a_second_factor(client, ada):
    client.force_login(ada)

    asked = client.get(reverse("account_reauthenticate") + f"?next={INDEX}")

    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    again = client.post(reverse("mfa_deactivate_totp"))
    assert again["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.exists()


@pytest.mark.parametrize(
    "name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]
)
def test_who_sets_one_up_says_first_who_they_are(client, artist, name):
    client.force_login(artist)

    for answer in (client.get(reverse(name)), client.post(reverse(name), {"code": "1"})):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_saying_so_lasts_five_minutes(client, ada):
    client.force_login(ada)
    assert is_it_me(client, reverse("mfa_deactivate_totp")).status_code == 200

    with time_machine.travel(time.time() + 301):
        assert client.post(reverse("mfa_deactivate_totp")).status_code == 302

    assert Authenticator.objects.exists()


def test_the_square_for_an_app_names_the_programme(client, artist, settings):
    settings.PROGRAMME_NAME = "Studio & Friends"
    client.force_login(artist)
    asked = client.get(reverse("mfa_activate_totp"))

    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)

    assert "issuer=Studio%20%26%20Friends" in page.context["totp_url"]
    assert "<svg" in page.text
    assert "style=" not in page.text[page.text.index("<svg") :]


def test_a_code_that_does_not_fit_is_answered_without_recovery_codes(client, artist):
    client.force_login(artist)
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked["Location"], {"password": PASSWORD}, follow=True)

    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert "look at its device’s clock" in page.text
    assert "recovery code" not in page.text


HEAD = bytes(32) + b"\x85" + bytes(4)  # of authenticator data that promises extensions


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def answer_of(response: dict[str, str], **facts: object) -> str:
    """What a browser answers for a passkey, but for what is given here."""
    said = {"type": "webauthn.get", "challenge": "AA", "origin": "http://localhost:8000"}
    sound = {
        "clientDataJSON": text_of(json.dumps(said).encode()),
        "authenticatorData": text_of(bytes(37)),
        "attestationObject": "AA",
        "signature": "AA",
        "userHandle": "MQ",
    }
    names = {"id": "AA", "rawId": "AA", "type": "public-key"}
    return json.dumps({**names, "response": sound | response, **facts})


HOSTILE = [
    "",
    "null",
    "5",
    "[]",
    "{}",
    '"x"',
    '{"id": 5}',
    '{"rawId": null, "response": null, "type": "public-key"}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "AA", "attestationObject": "AA"},
        }
    ),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": "é",
            },
        }
    ),
    answer_of({"clientDataJSON": text_of(b"[" * 5000)}),
    answer_of({"authenticatorData": text_of(HEAD + b"\x81" * 5000)}),  # CBOR: lists in lists
    answer_of({"authenticatorData": text_of(HEAD)}),
    answer_of({}, clientExtensionResults=5),
    "[" * 5000,
    '{"a": "' + "x" * 30_000 + '"}',
]


@pytest.mark.parametrize("credential", HOSTILE)
def test_what_is_no_passkey_is_refused_wherever_one_is_sent(client, artist, credential):
    sign_in_page = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert sign_in_page.status_code in (200, 302)
    assert not is_signed_in(client)

    client.force_login(artist)
    asked = client.get(reverse("mfa_add_webauthn"))
    client.post(asked["Location"], {"password": PASSWORD})
    client.get(reverse("mfa_add_webauthn"))

    page = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Authenticator.objects.exists()
