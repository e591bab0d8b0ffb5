"""How a person stands is one subquery; it says what the querysets of terms say."""

import random
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from artists.access.services import create_token
from artists.models import Artist, Decline, Terms, Token
from artists.models.standing import Standing
from artists.terms.services import accept, ahead_of, owed_by
from artists.terms.writing import draft_of, save_draft
from tests.artists.terms.texts import publish_text


def expected(artist: Artist) -> Standing:
    owed = set(owed_by(artist).values_list("pk", flat=True))
    declined = set(Decline.objects.filter(artist=artist).values_list("terms", flat=True))
    if owed:
        return Standing.UNANSWERED if owed - declined else Standing.DECLINED
    return Standing.AHEAD if ahead_of(artist).exists() else Standing.SETTLED


@pytest.mark.parametrize("seed", range(12))
def test_it_says_what_the_querysets_say(artist: Artist, other_artist: Artist, seed: int) -> None:
    """Histories at random: versions of several kinds, a draft, answers of two people, and time."""
    choose = random.Random(seed)
    create_token(artist, "laptop")
    now, last = timezone.now(), dict.fromkeys(Terms.Kind.values, 0)
    seen = set()
    for step in range(14):
        with time_machine.travel(now + timedelta(days=step), tick=False):
            kind = choose.choice(Terms.Kind.values[:3])
            if choose.random() < 0.6:
                last[kind] = max(last[kind], step + choose.choice([0, 0, 2, 5]))
                publish_text(f"# {step}\n", kind=kind, notice_days=last[kind] - step)
            for person in (artist, other_artist):
                for one in [*owed_by(person), *ahead_of(person)]:
                    if choose.random() < 0.5:
                        accept(artist=person, terms=[one])
                    elif choose.random() < 0.5:
                        Decline.objects.get_or_create(artist=person, terms=one)
            found = Artist.objects.with_terms().get(pk=artist.pk).terms_standing
            assert found == expected(artist)
            assert Token.objects.with_terms().get().terms_standing == found
            seen.add(found)

    assert len(seen) > 1


def test_whoever_was_read_otherwise_is_asked_about_when_it_matters(artist: Artist) -> None:
    publish_text("# One\n")

    assert Artist.objects.get(pk=artist.pk).owes_answer


def test_a_draft_asks_nobody(artist: Artist) -> None:
    draft = draft_of("privacy")
    save_draft(draft, "# Draft\n", seen=draft.sha256)

    assert Artist.objects.with_terms().get(pk=artist.pk).terms_standing == Standing.SETTLED
