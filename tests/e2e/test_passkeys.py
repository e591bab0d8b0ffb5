"""Passkeys in a browser whose authenticator is virtual, by the DevTools protocol."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from artists.models import Artist

PASSWORD = "correct horse"


@pytest.fixture
def touch(
    page: Page, artist: Artist, live_server: LiveServer, settings: Any
) -> Iterator[CDPSession]:
    """A device with a fingerprint sensor, which agrees to everything."""
    settings.PUBLIC_URL = live_server.url  # passkeys are of this page
    EmailAddress.objects.create(user=artist, email=artist.email, verified=True, primary=True)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield devtools
    devtools.detach()


def add_passkey(page: Page, name: str, *, signs_in_alone: bool = True) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    if page.get_by_label("Password").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(signs_in_alone)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/recovery-codes/")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def test_a_passkey_is_made_signs_in_alone_and_is_removed(
    page: Page, touch: CDPSession, artist: Artist
) -> None:
    add_passkey(page, "Ada’s laptop")
    codes = re.findall(r"\b\d{8}\b", page.locator("#recovery_codes").inner_text())
    assert len(codes) == 10
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/home/")

    page.goto("/accounts/2fa/")
    expect(page.get_by_text("Ada’s laptop")).to_be_visible()
    expect(page.get_by_text("signs in alone")).to_be_visible()
    page.get_by_role("link", name="Remove Ada’s laptop").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have none")).to_be_visible()
    assert not Authenticator.objects.filter(user=artist).exists()


def test_a_passkey_is_the_second_step_after_a_password(page: Page, touch: CDPSession) -> None:
    add_passkey(page, "Key", signs_in_alone=False)
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url("**/home/")


def test_a_device_that_declines_is_told_on_the_page(page: Page, touch: CDPSession) -> None:
    sign_out(page)
    page.goto("/accounts/login/")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")


def test_a_manager_without_a_second_factor_is_led_through_setting_one_up(
    page: Page, touch: CDPSession, artist: Artist
) -> None:
    artist.groups.add(Group.objects.get(name="manager"))
    page.goto("/reviews/")
    page.get_by_role("link", name="Set up a second factor").click()
    add_passkey(page, "Key")

    page.goto("/reviews/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("queue", ignore_case=True)
