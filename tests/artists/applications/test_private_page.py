"""What an applicant does behind the private link: look, change, withdraw."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from artists.applications.deciding import Verdict, decide
from artists.applications.reading import score
from artists.letters.facts import APPLICATION
from artists.models import Application, Invitation, Letter, PortfolioLink, Round, Score
from portal.audit import Event
from portal.secret_links import secret_of
from tests.artists.applications.rows import form_of


@pytest.fixture
def page_of(application: Application) -> str:
    secret = secret_of(application.link_nonce, purpose=APPLICATION)
    return reverse("artists:my_application", args=[secret])


def test_a_wrong_link_is_not_found(client, application):
    for secret in ("x" * 43, "é", "x" * 2000):
        address = reverse("artists:my_application", args=[secret])

        assert client.get(address).status_code == 404
        assert client.post(f"{address}withdraw/").status_code == 404


def test_what_the_page_loads_and_leads_to_does_not_hear_its_address(client, page_of):
    answers = (
        client.get(page_of),
        client.post(page_of, form_of()),
        client.post(f"{page_of}withdraw/"),
    )

    assert [one["Referrer-Policy"] for one in answers] == ["strict-origin"] * 3


def test_answers_may_be_changed_while_the_round_is_open(client, application, page_of):
    client.post(page_of, form_of(name="Nora Q.", links="https://nora.example/new"))

    application.refresh_from_db()
    assert application.name == "Nora Q."
    assert application.name_key == "nora q"
    assert [link.url for link in application.links.all()] == ["https://nora.example/new"]
    assert application.changed_at is not None


def test_a_new_address_gets_the_letter_too(client, application, page_of):
    client.post(page_of, form_of(email="other@example.org"))

    assert Letter.objects.filter(kind="received").count() == 2


def test_after_the_round_nothing_changes_but_it_may_be_withdrawn(client, application, page_of):
    Round.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    answer = client.post(page_of, form_of(name="Late"))

    application.refresh_from_db()
    assert (answer.status_code, application.name) == (409, "Nora Quill")
    page = client.get(page_of).text
    assert "Save the changes" not in page
    assert "Withdraw and erase" in page


def test_a_form_with_a_mistake_shows_it_and_keeps_the_words(client, application, page_of):
    page = client.post(page_of, form_of(email="nobody", statement="My new words"))

    assert page.status_code == 400
    assert "My new words" in page.text


def test_who_withdraws_leaves_no_words_behind(client, application, page_of, reviewer):
    score(
        application=application,
        reader=reviewer,
        scores=[Score(criterion="craft", points=4, comment="Nora is good")],
    )

    page = client.post(f"{page_of}withdraw/", follow=True)

    row = str(Application.objects.values())
    assert Application.objects.get().state == "withdrawn"
    assert not any(word in row for word in ("Nora", "nora", "tides", "Norway", "Oslo"))
    assert not PortfolioLink.objects.exists()
    assert not Score.objects.exists()
    assert not Letter.objects.exists()
    assert "what you wrote is erased" in page.text
    assert Event.objects.latest().verb == "application.withdrawn"


def test_withdrawing_twice_is_refused(client, application, page_of):
    client.post(f"{page_of}withdraw/")

    assert client.post(f"{page_of}withdraw/").status_code == 409


def test_who_was_accepted_and_withdraws_gives_the_place_back(
    client, application, page_of, manager, open_round
):
    decide(application=application, verdict=Verdict.ACCEPT, by=manager)

    client.post(f"{page_of}withdraw/")

    open_round.refresh_from_db()
    assert open_round.taken == 0
    assert not Invitation.objects.open().exists()


def test_who_has_made_an_account_cannot_withdraw_the_application(
    client, application, page_of, manager
):
    decide(application=application, verdict=Verdict.ACCEPT, by=manager)
    Invitation.objects.update(uses=1)

    assert client.post(f"{page_of}withdraw/").status_code == 409
    assert "Withdraw" not in client.get(page_of).text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.ACCEPT, "There is a place for you"),
        (Verdict.WAITLIST, "All places are promised"),
        (Verdict.DECLINE, "We could not offer you a place"),
    ],
)
def test_the_page_says_how_it_was_decided(client, application, page_of, manager, verdict, words):
    decide(application=application, verdict=verdict, by=manager)

    assert words in client.get(page_of).text


def test_a_visitor_who_guesses_sees_no_difference_between_used_and_unknown_links(client, db):
    answers = {client.get(f"/application/{'a' * n}/").status_code for n in (1, 43, 100)}

    assert answers == {404}
