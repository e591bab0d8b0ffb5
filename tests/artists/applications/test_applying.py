"""The public form: what it takes, what it refuses, what it says of the round."""

import re
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.applications.services import FROM_A_NETWORK_AN_HOUR
from artists.letters.sending import send_letter
from artists.models import Application, Cohort, Letter, Round
from tests.artists.applications.rows import form_of, make_application, make_round

APPLY = reverse("artists:apply")


@pytest.fixture
def form_page(open_round: Round) -> str:
    return reverse("artists:apply_to", args=[open_round.pk])


def test_an_application_arrives_and_leads_to_its_private_page(client, form_page):
    answer = client.post(form_page, form_of(name="Zoë  Quill", links="nora.example/a\n"))

    application = Application.objects.get()
    page = client.get(answer["Location"])
    assert (application.name, application.state) == ("Zoë  Quill", "received")
    assert [link.url for link in application.links.all()] == ["https://nora.example/a"]
    assert "Your application" in page.text
    assert "no-store" in page["Cache-Control"]


def test_the_letter_holds_the_private_link_and_nothing_the_sender_wrote(client, form_page):
    """Nobody has proven the address: the form must not mail its sender's words to strangers."""
    location = client.post(form_page, form_of(name="Buy Now", heard_from="spam"))["Location"]

    send_letter(Letter.objects.get().pk)

    (letter,) = mail.outbox
    assert letter.to == ["nora@example.org"]
    assert location in letter.body
    assert "Buy Now" not in letter.body
    html, kind = letter.alternatives[0]  # type: ignore[attr-defined]  # one with two parts
    assert (kind, location in html) == ("text/html", True)


def test_the_secret_of_the_link_is_kept_as_its_hash_alone(client, form_page):
    secret = client.post(form_page, form_of())["Location"].rstrip("/").rpartition("/")[2]

    rows = str(Application.objects.values()) + str(Letter.objects.values())

    assert len(secret) == 43
    assert secret not in rows


def test_one_form_sent_twice_is_one_application(client, form_page):
    form = form_of()

    locations = {client.post(form_page, form)["Location"] for _ in range(2)}

    assert len(locations) == 1
    assert Application.objects.count() == Letter.objects.count() == 1


def test_a_second_application_of_the_same_address_looks_the_same_from_outside(client, form_page):
    """No page tells whether an address is known."""
    pages = [client.post(form_page, form_of(), follow=True).text for _ in range(2)]

    bare = [re.sub(r"[\w-]{36,}|datetime=\S+|\d+ \w+ \d{4}, [\d:]+", "", page) for page in pages]
    assert "Your application has arrived" in pages[0]
    assert bare[0] == bare[1]


def test_a_stranger_whose_address_is_given_gets_three_letters_a_day_at_most(client, form_page):
    for number in range(5):
        client.post(form_page, form_of(email=f"Nora+{number}@example.org"))

    assert (Application.objects.count(), Letter.objects.count()) == (5, 3)


def test_a_network_that_sends_many_is_told_to_wait_and_others_are_not(client, form_page):
    for _ in range(FROM_A_NETWORK_AN_HOUR):
        client.post(form_page, form_of(), REMOTE_ADDR="192.0.2.7")

    refused = client.post(form_page, form_of(), REMOTE_ADDR="192.0.2.99")
    other = client.post(form_page, form_of(), REMOTE_ADDR="198.51.100.1")

    assert (refused.status_code, other.status_code) == (429, 302)
    assert "try again in an hour" in refused.text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.9", "192.0.2.0/24"),
    ],
)
def test_of_the_address_the_network_alone_is_kept(client, form_page, address, network):
    client.post(form_page, form_of(), REMOTE_ADDR=address)

    assert Application.objects.get().network == network


TRIES = [
    ("name", "x" * 121),
    ("name", ""),
    ("name", "…—…"),
    ("name", "Nora\u202eQuill"),
    ("name", "Nora\x00Quill"),
    ("name", "Nora\nBcc: all@example.org"),
    ("name", "Win https://spam.example"),
    ("name", "see WWW.spam.example"),
    ("name", "\u200b\u200b"),
    ("email", "nobody"),
    ("email", "nora@example.org\nBcc: all@example.org"),
    ("email", "x" * 250 + "@example.org"),
    ("country", "No\u2066rway"),
    ("time_zone", "Mars/Olympus"),
    ("time_zone", ""),
    ("disciplines", "x" * 201),
    ("links", "javascript:alert(1)"),
    ("links", "JaVaScRiPt://nora.example/%0aalert(1)"),
    ("links", "data:text/html,<script>alert(1)</script>"),
    ("links", "https://user:pass@nora.example/"),
    ("links", "ftp://nora.example/"),
    ("links", "//nora.example/"),
    ("links", "https://"),
    ("links", "https://[::1"),
    ("links", "https://nora.example/" + "x" * 500),
    ("links", "\n".join(f"https://nora.example/{n}" for n in range(6))),
    ("links", ""),
    ("statement", "x" * 4001),
    ("statement", "a\x07b"),
    ("would_make", ""),
    ("heard_from", "x" * 301),
]


@pytest.mark.parametrize(("field", "value"), TRIES)
def test_what_cannot_be_taken_is_said_beside_its_field(client, form_page, field, value):
    page = client.post(form_page, form_of(**{field: value}))

    assert page.status_code == 400
    assert list(page.context["form"].errors) == [field]
    assert "Nothing is lost" in page.text
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "李小龙",
        "José María de la Cruz y O’Neill-Ångström",
        "محمد\u200cعلی",
        "N",
        "Ñ" * 120,
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "{{ 7*7 }} $link",
        "Zalgo Z̷̢͎a̶l̴g̵o",
    ],
)
def test_names_of_any_script_are_taken_as_they_are(client, form_page, name):
    page = client.get(client.post(form_page, form_of(name=name))["Location"])

    assert Application.objects.get().name == name
    assert "<script>alert" not in page.text


def test_bytes_that_are_no_utf_8_break_nothing(client, form_page):
    body = "&".join(f"{key}={value}" for key, value in form_of().items() if key != "name")

    page = client.post(
        form_page, body.encode() + b"&name=\xff\xfe", "application/x-www-form-urlencoded"
    )

    assert page.status_code in (302, 400)


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(1, 2, "This round is not open yet"), (-2, -1, "This round closed")],
)
def test_a_round_that_is_not_open_says_so_and_takes_nothing(client, cohort, opens, closes, words):
    now = timezone.now()
    round_ = make_round(
        cohort, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes)
    )
    address = reverse("artists:apply_to", args=[round_.pk])

    page, answer = client.get(address), client.post(address, form_of())

    assert words in page.text
    assert "Send the application" not in page.text
    assert answer.status_code == 409
    assert not Application.objects.exists()


def test_the_page_of_rounds_tells_what_is_open_what_comes_and_what_was(client, cohort, open_round):
    now = timezone.now()
    make_round(cohort, name="Winter", closes_at=now + timedelta(days=9))
    day = timedelta(days=1)
    make_round(cohort, name="Spring", opens_at=now + 5 * day, closes_at=now + 6 * day)
    make_round(cohort, name="Summer", opens_at=now - 6 * day, closes_at=now - 5 * day)

    page = client.get(APPLY).text

    places = [page.index(name) for name in ("Autumn", "Winter", "Yet to open", "Spring", "Summer")]
    assert places == sorted(places)


def test_with_no_round_the_page_says_so(client, db):
    assert "No round is open at the moment." in client.get(APPLY).text


def test_applying_needs_the_form_of_the_page(form_page):
    assert Client(enforce_csrf_checks=True).post(form_page, form_of()).status_code == 403


def test_the_network_and_places_of_another_round_do_not_matter(cohort: Cohort, open_round: Round):
    application = make_application(open_round, address="not an address")

    assert application.network == ""


def test_a_name_of_endless_accents_is_refused_at_once(client, form_page):
    """To put accents in order takes their number squared: these would hold web for long."""
    name = "Nora" + "\u0345" * 60_000 + "\u0334" * 60_000
    began = time.process_time()

    answer = client.post(form_page, form_of(name=name))

    assert time.process_time() - began < 3
    assert answer.status_code == 400
    assert "at most 120 characters" in answer.text


def test_a_name_of_as_many_signs_as_there_may_be_is_taken_however_it_is_written(client, form_page):
    client.post(form_page, form_of(name="\u03b1\u0313\u0300\u0345" * 120))

    assert Application.objects.get().name == "\u1f82" * 120
