"""A version stays as it was published, counts from its time on, and says what it changes."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from artists.models import Acceptance, Artist, Terms
from artists.terms.errors import DraftChanged, NothingNew, NoticeTooShort, TakesEffectTooEarly
from artists.terms.samples import sample
from artists.terms.services import accept
from artists.terms.writing import discard_draft, draft_of, publish, save_draft
from portal.audit import Event
from tests.artists.terms.texts import publish_text

pytestmark = pytest.mark.django_db


def in_force() -> list[str]:
    return [str(one) for one in Terms.objects.in_force()]


@pytest.mark.parametrize(
    "change",
    [
        "text = 'Something else'",
        "sha256 = 'ab'",
        "version = 7",
        "takes_effect_at = published_at",
        "published_at = NULL, takes_effect_at = NULL",
    ],
)
def test_the_database_lets_nobody_change_a_published_version(change: str) -> None:
    terms = publish_text("# One\n", notice_days=3)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE artists_terms SET {change} WHERE id = {terms.pk}")

    assert Terms.objects.get().text == "# One\n"


def test_nor_take_one_out() -> None:
    publish_text("# One\n")
    second = publish_text("# Two\n")

    with pytest.raises(DatabaseError), transaction.atomic():
        Terms.objects.filter(pk=second.pk).delete()


def test_a_draft_is_changed_and_thrown_away() -> None:
    first = save_draft(draft_of("privacy"), "# A\n", seen=draft_of("privacy").sha256)
    second = save_draft(draft_of("privacy"), "# B\n", seen=first.sha256)

    assert (second.pk, Terms.objects.get().text) == (first.pk, "# B\n")
    discard_draft("privacy", seen=second.sha256)
    assert not Terms.objects.exists()


def test_the_hash_is_that_of_the_text(django_assert_num_queries: object) -> None:
    terms = publish_text("# Größe\n")

    assert terms.sha256 == hashlib.sha256("# Größe\n".encode()).hexdigest()


@pytest.mark.parametrize("kind", Terms.Kind.values)
def test_a_fresh_programme_begins_with_a_sample_that_says_it_is_one(kind: str) -> None:
    draft = draft_of(kind)

    assert (draft.pk, draft.version, draft.text) == (None, 1, sample(kind))
    assert "**A sample.**" in draft.text
    assert "lawyers" in draft.text
    assert not Terms.objects.exists()


def test_a_version_counts_from_its_time_until_the_next_one_does() -> None:
    publish_text("# One\n")
    publish_text("# Two\n", notice_days=14)
    now = timezone.now()

    seen = []
    for days in (0, 13, 15):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            seen.append((in_force(), [one.version for one in Terms.objects.upcoming()]))

    one, two = "Programme terms, version 1", "Programme terms, version 2"
    assert seen == [([one], [2]), ([one], [2]), ([two], [])]


def test_a_version_that_is_replaced_before_its_time_never_counts() -> None:
    publish_text("# One\n")
    with time_machine.travel(timezone.now(), tick=False):
        publish_text("# Two, with a mistake\n", notice_days=14)
        publish_text("# Two, mended\n", notice_days=14)

    assert [one.version for one in Terms.objects.upcoming()] == [3]
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert in_force() == ["Programme terms, version 3"]


def test_the_kinds_do_not_touch_each_other() -> None:
    for kind in Terms.Kind:
        publish_text(f"# {kind.label}\n", kind=kind)

    assert {one.version for one in Terms.objects.in_force()} == {1}
    assert Terms.objects.in_force().count() == len(Terms.Kind)


@override_settings(TERMS_NOTICE_DAYS=14)
@pytest.mark.parametrize(
    ("notice_days", "refusal"), [(13, NoticeTooShort), (14, TakesEffectTooEarly)]
)
def test_a_later_version_has_its_notice_and_waits_for_the_one_before(
    notice_days: int, refusal: type[Exception]
) -> None:
    publish_text("# One\n", notice_days=20)
    draft = draft_of("programme")
    kept = save_draft(draft, "# Two\n", seen=draft.sha256)

    with pytest.raises(refusal):
        publish(kept, seen=kept.sha256, notice_days=notice_days, by=None)

    assert Terms.objects.published().count() == 1


def test_the_same_text_is_no_new_version() -> None:
    publish_text("# One\n")

    with pytest.raises(NothingNew):
        publish_text("# One\n")


def test_what_is_published_is_what_was_seen() -> None:
    draft = draft_of("programme")
    seen = save_draft(draft, "# Mine\n", seen=draft.sha256)
    save_draft(seen, "# Hers\n", seen=seen.sha256)

    with pytest.raises(DraftChanged):
        publish(seen, seen=seen.sha256, notice_days=0, by=None)
    with pytest.raises(DraftChanged):
        save_draft(draft, "# His\n", seen=seen.sha256)
    with pytest.raises(DraftChanged):
        discard_draft("programme", seen=seen.sha256)
    assert Terms.objects.get().text == "# Hers\n"


def test_a_publication_stands_in_the_audit_trail(manager: Artist) -> None:
    draft = draft_of("sharing")
    kept = save_draft(draft, "# Share\n", seen=draft.sha256)

    terms = publish(kept, seen=kept.sha256, notice_days=3, by=manager)

    event = Event.objects.latest()
    assert (event.verb, event.actor_id, event.subject_id) == (
        "terms.published",
        manager.pk,
        str(terms.pk),
    )
    assert event.facts["text_sha256"] == terms.sha256


@pytest.mark.parametrize(
    "change", ["sha256 = 'ab'", "accepted_at = '2001-01-01'", "artist_id = artist_id"]
)
def test_the_database_lets_nobody_change_an_acceptance(artist: Artist, change: str) -> None:
    accept(artist=artist, terms=[publish_text("# One\n")])

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE artists_acceptance SET {change}")


def test_nor_take_one_of_them_out(artist: Artist, other_artist: Artist) -> None:
    terms = publish_text("# One\n")
    accept(artist=artist, terms=[terms])
    accept(artist=other_artist, terms=[terms])

    with pytest.raises(DatabaseError), transaction.atomic():
        Acceptance.objects.filter(artist=other_artist).delete()


def test_nobody_accepts_a_draft_or_another_text(artist: Artist) -> None:
    draft = draft_of("privacy")
    kept = save_draft(draft, "# Draft\n", seen=draft.sha256)
    terms = publish_text("# One\n")

    for one, sha256 in ((kept, kept.sha256), (terms, "0" * 64)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Acceptance.objects.create(artist=artist, terms=one, sha256=sha256)
