"""Notes on frames: who pins them, what may be in them, and when the artist reads them."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.erasing.works import erase_words
from generations.models import Decision, Ground, Note, Submission
from generations.models.note import Stroke
from generations.notes.drawing import POINTS_MAX, STROKES_MAX
from generations.notes.errors import NotesAreClosed, TooManyNotes
from generations.notes.services import NOTES_MAX, Said, change, pin, remove
from generations.reviews import deciding
from generations.taking.sections import TABLES
from generations.taking.tables import read
from portal.audit import Event
from tests.generations.reviews.acting import claim, decide, let_stand, release, review_of
from tests.generations.sharing.fixtures import MakeSubmission

FACE = "Whose face is it?"
CROSS = [[[0.1, 0.1], [0.9, 0.9]], [[0.9, 0.1], [0.1, 0.9]]]


def address(name: str, submission: Submission, *more: object) -> str:
    return reverse(f"generations:{name}", args=[review_of(submission).pk, *more])


def said(text: str = FACE, drawing: Sequence[Stroke] = ()) -> Said:
    return {"first_frame": 12, "last_frame": 12, "text": text, "drawing": list(drawing)}


def pinned(
    submission: Submission, by: Artist, text: str = FACE, drawing: Sequence[Stroke] = ()
) -> Note:
    return pin(submission=submission, author=by, **said(text, drawing))


@pytest.fixture
def claimed(claimed: Submission) -> Submission:
    """Ten seconds at 24 frames a second."""
    clip = claimed.rendition
    clip.frame_rate, clip.duration_seconds = "24", 10
    clip.save()
    return claimed


def sent(**said: Any) -> dict[str, Any]:
    return {"first_frame": 24, "last_frame": 47, "text": FACE, "drawing": json.dumps(CROSS)} | said


def test_a_note_is_pinned_and_stands_in_the_list(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)

    answer = client.post(address("pin_note", claimed), sent(), follow=True)

    note = Note.objects.get()
    assert (note.author, note.first_frame, note.last_frame) == (reviewer, 24, 47)
    assert note.drawing == CROSS
    page = answer.content.decode()
    assert "0:01.00, frames 24 to 47" in page
    assert FACE in page
    assert '<polyline points="0.1000,0.1000 0.9000,0.9000"/>' in page


def test_without_a_last_frame_it_is_on_the_first_alone(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)

    client.post(address("pin_note", claimed), sent(last_frame=""))

    note = Note.objects.get()
    assert (note.first_frame, note.last_frame, note.place) == (24, 24, "0:01.00, frame 24")


def test_where_no_frame_can_be_counted_the_time_alone_is_said(
    claimed: Submission, reviewer: Artist
) -> None:
    claimed.rendition.frame_rate = None
    claimed.rendition.save()

    assert pinned(claimed, reviewer).place == "0:00.50"


BAD = {
    "it ends before it begins": {"first_frame": 9, "last_frame": 8},
    "it is beyond the clip": {"first_frame": 240, "last_frame": 240},
    "it ends beyond the clip": {"first_frame": 1, "last_frame": 240},
    "it is before the clip": {"first_frame": -1},
    "it has no words": {"text": "  "},
    "it has too many": {"text": "a" * 1001},
    "it hides control characters": {"text": "a\x00b"},
    "its drawing is no JSON": {"drawing": "[[["},
    "its drawing is no list": {"drawing": '{"a": 1}'},
    "a point is beside the picture": {"drawing": "[[[0.5, 1.1]]]"},
    "a point is no number": {"drawing": '[[["0.5", 0.5]]]'},
    "a point is not finite": {"drawing": "[[[NaN, 0.5]]]"},
    "a point is beyond every float": {"drawing": f"[[[{'9' * 400}, 0.5]]]"},
    "a point has three parts": {"drawing": "[[[0.1, 0.2, 0.3]]]"},
    "a point is a truth": {"drawing": "[[[true, 0.5]]]"},
    "strokes are too many": {"drawing": json.dumps([[[0, 0]]] * (STROKES_MAX + 1))},
    "points are too many": {"drawing": json.dumps([[[0, 0]] * (POINTS_MAX + 1)])},
    "lists are too deep": {"drawing": "[" * 100_000},
}


@pytest.mark.parametrize("said", BAD.values(), ids=BAD)
@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "no script"])
def test_what_does_not_fit_is_said_and_not_kept(
    htmx: bool, said: dict[str, Any], client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)
    headers = {"HX-Request": "true"} if htmx else {}

    answer = client.post(address("pin_note", claimed), sent(**said), headers=headers)

    assert answer.status_code == (200 if htmx else 400)
    assert "errorlist" in answer.content.decode()
    assert not Note.objects.exists()


def test_one_changes_and_removes_ones_own(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    note = pinned(claimed, reviewer, drawing=CROSS)
    client.force_login(reviewer)

    client.post(address("change_note", claimed, note.pk), sent(text="Or is it a mask?", drawing=""))
    note.refresh_from_db()
    assert (note.text, note.first_frame, note.drawing) == ("Or is it a mask?", 24, [])
    client.post(address("remove_note", claimed, note.pk))

    assert not Note.objects.exists()
    verbs = list(Event.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs[-3:] == ["note.pinned", "note.changed", "note.removed"]
    assert FACE not in str(list(Event.objects.values_list("facts", flat=True)))


def test_nobody_touches_anothers(
    client: Client, make_artist: Any, reviewer: Artist, claimed: Submission
) -> None:
    note = pinned(claimed, reviewer)
    release(submission=claimed, reviewer=reviewer)
    sven = make_artist("Sven", role="reviewer")
    claim(submission=claimed, reviewer=sven)
    client.force_login(sven)

    for name in ("change_note", "remove_note"):
        assert client.post(address(name, claimed, note.pk), sent()).status_code == 404
    with pytest.raises(NotesAreClosed):
        change(note=note, author=sven, **said("Mine now."))

    note.refresh_from_db()
    assert note.text == FACE


def test_a_second_person_sees_the_item_fresh(
    client: Client, make_artist: Any, reviewer: Artist, claimed: Submission
) -> None:
    pinned(claimed, reviewer)
    release(submission=claimed, reviewer=reviewer)
    sven = make_artist("Sven", role="reviewer")
    claim(submission=claimed, reviewer=sven)
    client.force_login(sven)

    assert FACE not in client.get(address("review", claimed)).content.decode()
    decide(submission=claimed, reviewer=sven, outcome="approve")

    assert FACE in client.get(address("review", claimed)).content.decode()


def test_without_the_claim_nothing_is_pinned_changed_or_removed(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    note = pinned(claimed, reviewer)
    client.force_login(reviewer)

    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        client.force_login(reviewer)
        answers = [
            client.post(address("pin_note", claimed), sent()),
            client.post(address("change_note", claimed, note.pk), sent(text="Late.")),
            client.post(address("remove_note", claimed, note.pk)),
        ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert Note.objects.get().text == FACE


def test_after_the_decision_a_note_is_as_it_was(
    reviewer: Artist, claimed: Submission, ground: Ground
) -> None:
    note = pinned(claimed, reviewer)
    decide(submission=claimed, reviewer=reviewer, outcome="reject", ground=ground, reason=FACE)

    with pytest.raises(NotesAreClosed):
        change(note=note, author=reviewer, **said("Something else."))
    with pytest.raises(NotesAreClosed):
        remove(note=note, author=reviewer)


def test_there_is_room_for_so_many_and_no_more(reviewer: Artist, claimed: Submission) -> None:
    for _ in range(NOTES_MAX):
        pinned(claimed, reviewer)

    with pytest.raises(TooManyNotes):
        pinned(claimed, reviewer)


@pytest.mark.parametrize("wrong", [{"first_frame": 13}, {"text": ""}])
def test_the_database_refuses_too(
    wrong: dict[str, Any], reviewer: Artist, claimed: Submission
) -> None:
    note = pinned(claimed, reviewer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(**wrong)


def test_the_artist_reads_them_with_the_decision_and_not_before(
    client: Client, artist: Artist, reviewer: Artist, claimed: Submission, ground: Ground
) -> None:
    pinned(claimed, reviewer, drawing=CROSS)
    client.force_login(artist)
    work = claimed.generation.get_absolute_url()
    assert FACE not in client.get(work).content.decode()

    decide(submission=claimed, reviewer=reviewer, outcome="changes", ground=ground, reason="See.")

    page = client.get(work).content.decode()
    assert FACE in page
    assert "0:00.50, frame 12" in page
    assert "<polyline" in page
    assert "Rita" not in page
    notices.tell("decision", Decision.objects.get().pk)
    assert f"0:00.50, frame 12: {FACE}" in mail.outbox[0].body


def test_what_somebody_noted_who_did_not_decide_stays_here(
    client: Client, artist: Artist, make_artist: Any, reviewer: Artist, claimed: Submission
) -> None:
    pinned(claimed, reviewer)
    release(submission=claimed, reviewer=reviewer)
    sven = make_artist("Sven", role="reviewer")
    claim(submission=claimed, reviewer=sven)
    pinned(claimed, sven, text="A fine boat.")
    decide(submission=claimed, reviewer=sven, outcome="approve")
    client.force_login(artist)

    page = client.get(claimed.generation.get_absolute_url()).content.decode()
    notices.tell("decision", Decision.objects.get().pk)

    assert "A fine boat." in page
    assert FACE not in page
    assert FACE not in mail.outbox[0].body


def test_of_two_who_agree_the_artist_reads_both(
    client: Client, artist: Artist, make_artist: Any, reviewer: Artist, claimed: Submission
) -> None:
    pinned(claimed, reviewer, text="A fine boat.")
    deciding.decide(
        review=review_of(claimed), reviewer=reviewer, outcome="approve", wants_second=True
    )
    let_stand()
    sven = make_artist("Sven", role="reviewer")
    claim(submission=claimed, reviewer=sven)
    pinned(claimed, sven, text="A fine canal.")
    client.force_login(artist)
    work = claimed.generation.get_absolute_url()
    assert "A fine" not in client.get(work).content.decode()

    decide(submission=claimed, reviewer=sven, outcome="approve")

    page = client.get(work).content.decode()
    assert "A fine boat." in page
    assert "A fine canal." in page


def test_while_a_decision_may_be_undone_the_artist_reads_nothing(
    client: Client, artist: Artist, reviewer: Artist, claimed: Submission
) -> None:
    pinned(claimed, reviewer)
    deciding.decide(review=review_of(claimed), reviewer=reviewer, outcome="approve")
    client.force_login(artist)

    assert FACE not in client.get(claimed.generation.get_absolute_url()).content.decode()
    with pytest.raises(NotesAreClosed):
        pinned(claimed, reviewer)


def test_the_artist_takes_them_along_and_they_are_erased_with_the_rest(
    artist: Artist, reviewer: Artist, claimed: Submission
) -> None:
    pinned(claimed, reviewer)
    table = next(table for table in TABLES if table.name == "frame_notes")
    assert list(read(table, artist)) == []
    decide(submission=claimed, reviewer=reviewer, outcome="approve")

    assert [row["text"] for row in read(table, artist)] == [FACE]
    erase_words(artist)
    assert not Note.objects.exists()


def test_however_many_there_are_the_pages_take_as_many_queries(
    client: Client,
    artist: Artist,
    reviewer: Artist,
    make_submission: MakeSubmission,
    claimed: Submission,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(20):
        pinned(claimed, reviewer, drawing=CROSS)
    client.force_login(reviewer)
    with django_assert_max_num_queries(18):
        assert client.get(address("review", claimed)).content.decode().count(FACE) > 20
    decide(submission=claimed, reviewer=reviewer, outcome="approve")
    client.force_login(artist)
    with django_assert_max_num_queries(20):
        assert client.get(claimed.generation.get_absolute_url()).content.decode().count(FACE) == 20


@pytest.mark.parametrize("name", ["pin_note", "change_note", "remove_note"])
@pytest.mark.parametrize("who", ["artist", "other_artist"])
def test_who_reviews_nothing_finds_nothing(
    name: str,
    who: str,
    client: Client,
    artist: Artist,
    other_artist: Artist,
    reviewer: Artist,
    claimed: Submission,
) -> None:
    """I7"""
    note = pinned(claimed, reviewer)
    client.force_login({"artist": artist, "other_artist": other_artist}[who])

    more = [] if name == "pin_note" else [note.pk]
    assert client.post(address(name, claimed, *more), sent()).status_code == 404
    assert Note.objects.count() == 1
