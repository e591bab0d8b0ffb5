"""A manager sees what a promise comes to before it is set."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from artists.models import Artist
from artists.roles.services import MANAGER
from generations.models import Promise
from tests.second_factor import give_app, show_factors


@pytest.fixture
def managing(page: Page, client: Client, artist: Artist) -> Page:
    artist.groups.add(Group.objects.get(name=MANAGER))
    give_app(artist)
    show_factors(client, artist)
    return page


def test_the_dates_follow_what_is_filled_in_and_then_it_is_set(managing: Page) -> None:
    managing.goto("/promise/set/")
    managing.get_by_label("Days to decide", exact=True).fill("30")
    managing.get_by_label("Days to answer a report").click()

    due = Promise(
        decide_days=30, time_zone="UTC", weekdays=Promise.objects.in_force().weekdays
    ).due_at(timezone.now())
    expect(managing.locator("#preview")).to_contain_text(f"{due:%-d %b %Y}")
    assert Promise.objects.count() == 1

    managing.get_by_role("button", name="Set the promise").click()
    expect(managing.get_by_text("Version 2")).to_be_visible()
    assert Promise.objects.in_force().decide_days == 30
