"""What managers do: write, look, publish, and see who accepted."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from artists.models import Artist, Terms
from artists.roles.services import MANAGER, REVIEWER, set_roles
from artists.terms.managing import PEOPLE_SHOWN
from artists.terms.services import accept, decline
from artists.terms.writing import draft_of
from tests.artists.terms.texts import publish_text

DRAFT = reverse("artists:draft_terms", args=["privacy"])
PUBLISH = reverse("artists:publish_terms", args=["privacy"])
DISCARD = reverse("artists:discard_terms", args=["privacy"])
MANAGE = reverse("artists:manage_terms")


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    set_roles(manager, [MANAGER], by=None)
    client.force_login(manager)
    return client


def seen() -> str:
    return draft_of("privacy").sha256


def test_a_sample_becomes_a_draft_and_a_version(browser: Client, manager: Artist) -> None:
    page = browser.get(DRAFT).content.decode()
    assert "a sample of ours" in page
    assert PUBLISH not in page

    browser.post(DRAFT, {"seen": seen(), "text": "# Ours\r\n\r\nShort.\r\n\r\n"})
    page = browser.get(DRAFT).content.decode()
    assert "<h2>Ours</h2>" in page
    assert PUBLISH in page

    answer = browser.post(PUBLISH, {"seen": seen(), "notice_days": 0}, follow=True)

    terms = Terms.objects.get()
    assert (terms.text, terms.version) == ("# Ours\n\nShort.\n", 1)
    assert terms.published_by == manager
    assert answer.redirect_chain[-1][0].startswith(reverse("artists:accept_terms"))  # hers too


@override_settings(TERMS_NOTICE_DAYS=14)
def test_the_next_version_shows_what_is_new_and_asks_for_its_notice(
    browser: Client, manager: Artist
) -> None:
    accept(artist=manager, terms=[publish_text("# Ours\n\nShort.\n", kind="privacy")])
    browser.post(DRAFT, {"seen": seen(), "text": "# Ours\n\nShort and clear.\n"})

    page = browser.get(DRAFT).content.decode()
    assert "<strong>3 words added, 1 removed</strong> since version 1" in page
    assert 'value="14"' in page
    early = browser.post(PUBLISH, {"seen": seen(), "notice_days": 13})
    assert early.status_code == 400
    assert "give its readers 14 days or more" in early.content.decode()
    assert browser.post(PUBLISH, {"seen": seen(), "notice_days": 14})["Location"] == MANAGE
    assert Terms.objects.upcoming().get().version == 2


@pytest.mark.parametrize("text", ["", "   \n", "x" * 100_001, "bell \x07", "nul \x00"])
def test_a_bad_text_is_said_to_be_one(browser: Client, text: str) -> None:
    answer = browser.post(DRAFT, {"seen": seen(), "text": text})

    assert answer.status_code == 400
    assert not Terms.objects.exists()


@pytest.mark.parametrize("days", ["", "-1", "366", "1.5", "x", "9" * 30])
def test_a_bad_notice_is_too(browser: Client, days: str) -> None:
    browser.post(DRAFT, {"seen": seen(), "text": "# Ours\n"})

    assert browser.post(PUBLISH, {"seen": seen(), "notice_days": days}).status_code == 400
    assert not Terms.objects.published().exists()


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(browser: Client) -> None:
    earlier = seen()
    browser.post(DRAFT, {"seen": earlier, "text": "# Hers\n"})

    answer = browser.post(DRAFT, {"seen": earlier, "text": "# Mine, half an hour of work\n"})

    assert answer.status_code == 400
    assert "half an hour of work" in answer.content.decode()  # kept before one's eyes
    assert Terms.objects.get().text == "# Hers\n"
    assert browser.post(PUBLISH, {"seen": earlier, "notice_days": 0}).status_code == 400
    assert browser.post(DISCARD, {"seen": earlier}).status_code == 409
    assert browser.post(DISCARD, {}).status_code == 404
    assert Terms.objects.drafts().exists()


def test_a_draft_is_discarded(browser: Client) -> None:
    browser.post(DRAFT, {"seen": seen(), "text": "# Hers\n"})

    assert browser.post(DISCARD, {"seen": seen()})["Location"] == MANAGE
    assert not Terms.objects.exists()


def test_publishing_without_a_draft_publishes_nothing(browser: Client) -> None:
    assert browser.post(PUBLISH, {"seen": seen(), "notice_days": 0}).status_code == 400
    assert not Terms.objects.exists()


@pytest.mark.parametrize("role", ["", REVIEWER])
def test_nobody_else_writes_or_looks(
    client: Client, make_artist: Callable[..., Artist], role: str
) -> None:
    client.force_login(make_artist("Zoe", role=role))

    for address in (MANAGE, DRAFT):
        assert client.get(address).status_code == 404
    for address in (DRAFT, PUBLISH, DISCARD):
        posted = {"seen": seen(), "text": "# Mine\n", "notice_days": 0}
        assert client.post(address, posted).status_code == 404
    assert not Terms.objects.exists()


def test_who_accepted_who_declined_and_who_is_silent(
    browser: Client, manager: Artist, make_artist: Callable[..., Artist]
) -> None:
    terms = publish_text("# One\n")
    yes, no, late, gone = (make_artist(name) for name in ("Yara", "Noa", "Lea", "Gil"))
    for person in (manager, yes, gone):
        accept(artist=person, terms=[terms])
    decline(no)
    decline(late)
    accept(artist=late, terms=[terms])
    Artist.objects.filter(pk=gone.pk).update(is_active=False)
    make_artist("Sil")
    address = reverse("artists:terms_answers", args=["programme", 1])

    shown = {}
    for answer in ("accepted", "declined", "none"):
        page = browser.get(address, {"answer": answer})
        shown[answer] = [person.credit_name for person in page.context["rows"]]

    assert shown == {
        "accepted": ["Mona", "Yara", "Lea", "Gil"],
        "declined": ["Noa"],
        "none": ["Sil"],
    }
    counts = page.context["counts"]
    assert {key.value: count for key, count in counts.items()} == {
        "accepted": 4,
        "declined": 1,
        "none": 1,
    }
    assert "Accepted by 4" in browser.get(MANAGE).content.decode()


@pytest.mark.parametrize("asked", ["answer=maybe", "after=x", "after=1e3"])
def test_a_made_up_question_is_not_found(browser: Client, asked: str) -> None:
    publish_text("# One\n", notice_days=1)

    assert browser.get(f"/terms/manage/programme/1/?{asked}").status_code == 404


@pytest.mark.parametrize("after", ["-5", "9" * 40])
def test_any_number_is_a_place_to_go_on_from(browser: Client, after: str) -> None:
    publish_text("# One\n", notice_days=1)

    assert browser.get(f"/terms/manage/programme/1/?after={after}").status_code == 200


def test_the_list_goes_on_page_by_page_at_the_same_cost(
    browser: Client,
    manager: Artist,
    make_artist: Callable[..., Artist],
    django_assert_num_queries: Callable[..., object],
) -> None:
    terms = publish_text("# One\n", notice_days=1)
    people = [manager, *(make_artist(f"P{number}") for number in range(PEOPLE_SHOWN + 5))]
    for person in people:
        accept(artist=person, terms=[terms])
    address = reverse("artists:terms_answers", args=["programme", 1])
    browser.get(address)

    with django_assert_num_queries(10):  # type: ignore[attr-defined]
        # session, artist, second factor, two of permissions, the version, a page, and three counts
        first = browser.get(address)
    second = browser.get(address, {"after": first.context["next_cursor"]})

    shown = [*first.context["rows"], *second.context["rows"]]
    assert [person.pk for person in shown] == [person.pk for person in people]
    assert second.context["next_cursor"] is None
