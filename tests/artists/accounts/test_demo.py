"""One-click sign-in stands in a demo, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import include, path, reverse

from artists.accounts.demo import demo_roles
from artists.models import Artist
from portal.urls import urlpatterns as product_urls

urlpatterns = [*product_urls, path("demo/", include("artists.accounts.demo"))]  # as in a demo

LOOK_FOR_IT = """
import django, sys
django.setup()
from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
try:
    found = resolve("/demo/sign-in/").url_name
except Resolver404:
    found = None
try:
    reverse("demo_sign_in")
except NoReverseMatch:
    found = f"{found}, no name"
processors = settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
print(found, "artists.accounts.demo" in sys.modules, any("demo" in name for name in processors))
"""


def look_for_it(home: Path, **variables: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "GREENROOM_HOME": str(home)}
    environment |= {"GREENROOM_SECRET_KEY": "known to the tests alone"}
    environment |= {"GREENROOM_EMAIL_URL": "filemail://"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK_FOR_IT],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize("variables", [{}, {"GREENROOM_DEMO": "0"}, {"GREENROOM_DEBUG": "1"}])
def test_outside_a_demo_the_code_path_does_not_exist(tmp_path, variables):
    assert look_for_it(tmp_path, **variables) == "None, no name False False"


def test_in_a_demo_it_exists(tmp_path):
    assert look_for_it(tmp_path, GREENROOM_DEMO="1") == "demo_sign_in True True"


@pytest.fixture
def mona(cohort, manager) -> Artist:
    manager.email = "mona@demo.greenroom.invalid"
    manager.save()
    return manager


@pytest.mark.urls(__name__)
def test_a_click_signs_in_as_a_person_of_the_demo(client, mona):
    answer = client.post(reverse("demo_sign_in"), {"email": mona.email})

    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(mona.pk)


@pytest.mark.urls(__name__)
def test_in_a_demo_a_click_is_enough_to_act_in_a_role(client, mona, settings):
    settings.DEMO = True

    client.post(reverse("demo_sign_in"), {"email": mona.email})

    assert client.get(reverse("generations:queue")).status_code == 200
    assert client.get(reverse("artists:sessions")).context["places"][0].is_this


@pytest.mark.urls(__name__)
def test_should_a_demos_session_live_on_outside_a_demo_it_acts_in_no_role(client, mona, settings):
    settings.DEMO = True
    client.post(reverse("demo_sign_in"), {"email": mona.email})

    settings.DEMO = False

    assert client.get(reverse("generations:queue")).status_code == 403


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("email", ["ada@example.org", "nobody@demo.greenroom.invalid", ""])
def test_nobody_else_can_be_signed_in(client, artist, mona, email):
    answer = client.post(reverse("demo_sign_in"), {"email": email})

    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.urls(__name__)
def test_it_takes_a_click_on_our_own_page(client, mona):
    address = reverse("demo_sign_in")

    assert client.get(address, {"email": mona.email}).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"email": mona.email}).status_code == 403


def test_the_page_offers_the_people_of_the_demo_alone(artist, mona, rf):
    offered = demo_roles(rf.get("/"))["demo_roles"]()

    assert offered == [{"email": mona.email, "label": "Manager", "name": "Mona"}]
