"""What everybody reads: terms in force, ahead and before, their files, and what changed."""

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist, Terms
from artists.terms.rendering import to_html
from artists.terms.samples import sample
from artists.terms.writing import draft_of, save_draft
from tests.artists.terms.texts import publish_text


@pytest.mark.parametrize("kind", Terms.Kind.values)
def test_a_sample_is_shown_whole_and_marked_as_one(kind: str) -> None:
    html = to_html(sample(kind))

    assert html.startswith("<blockquote>\n<p><strong>A sample.</strong>")
    assert "&lt;" not in html


def test_the_public_reads_what_is_in_force_ahead_and_before(client: Client, db: None) -> None:
    for number in (1, 2):
        publish_text(f"# Version {number}\n")
    publish_text("# Version 3\n", notice_days=14)

    page = client.get(reverse("artists:terms")).content.decode()
    old = client.get("/terms/programme/1/").content.decode()

    assert "Read version 2" in page
    assert "<h2>Version 1</h2>" in old
    assert "Not in force any more" in old
    assert client.get("/terms/programme/3/").status_code == 200
    assert "Feedback is voluntary" in page


def test_a_programme_without_terms_says_so(client: Client, db: None) -> None:
    assert "nothing to accept" in client.get(reverse("artists:terms")).content.decode()


def test_nobody_reads_a_draft(client: Client, db: None, artist: Artist) -> None:
    save_draft(draft_of("privacy"), "# Secret plan\n", seen=draft_of("privacy").sha256)
    client.force_login(artist)

    for address in (
        "/terms/privacy/1/",
        "/terms/privacy/1/terms.md",
        "/terms/privacy/1/terms.html",
    ):
        assert client.get(address).status_code == 404
    assert "Secret plan" not in client.get(reverse("artists:terms")).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/terms/made-up/1/",
        "/terms/programme/9/",
        "/terms/programme/99999999999999999999/",
        "/terms/programme/1/since/1/",
        "/terms/programme/1/since/2/",
        "/terms/programme/1/terms.pdf",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, db: None, address: str) -> None:
    publish_text("# One\n")
    publish_text("# Two\n")

    assert client.get(address).status_code == 404


def test_the_files_are_the_text_as_it_was(client: Client, db: None) -> None:
    terms = publish_text("# Größe\n\n- eins\n")
    publish_text("# Andere\n")

    markdown = client.get("/terms/programme/1/terms.md")
    html = client.get("/terms/programme/1/terms.html")

    assert hashlib.sha256(markdown.content).hexdigest() == terms.sha256
    assert markdown["Content-Type"] == "text/markdown; charset=utf-8"
    assert markdown["Content-Disposition"] == 'attachment; filename="programme-version-1.md"'
    assert "<li>eins</li>" in html.content.decode()
    assert terms.sha256 in html.content.decode()
    assert html["Content-Disposition"] == 'attachment; filename="programme-version-1.html"'


def test_the_difference_is_said_in_words_too(client: Client, db: None) -> None:
    publish_text("# T\n\nKeep your key.\n")
    publish_text("# T\n\nKeep your token.\n")

    page = client.get("/terms/programme/2/since/1/").content.decode()

    assert '<del><span class="visually-hidden">Removed: </span>key.' in page
    assert '<ins><span class="visually-hidden">Added: </span>token.' in page
    assert "<strong>1 word added, 1 removed</strong> since version 1" in page


def test_the_page_costs_as_many_queries_however_many_versions_there_are(
    client: Client, db: None, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(12):
        publish_text(f"# Version {number}\n")

    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        client.get(reverse("artists:terms"))
