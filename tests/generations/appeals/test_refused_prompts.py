"""A prompt that a machine refused is appealed against, and a person decides on it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist, Departure, LedgerEntry
from generations import notices
from generations.appeals import services, thread
from generations.appeals.errors import (
    AlreadyAppealed,
    AppealIsOver,
    NothingToAppeal,
    TooLateToAppeal,
    TooLateToTakeBack,
)
from generations.appeals.refused import appeal_refused
from generations.checks.errors import PromptRefused
from generations.checks.writing import make_rule
from generations.dashboard import reviewing
from generations.dashboard.period import Period
from generations.dashboard.reviewing import Asked
from generations.erasing.works import erase_words
from generations.leaving.services import leave
from generations.models import (
    Appeal,
    AppealLetter,
    CheckRule,
    Generation,
    Ground,
    Opinion,
    RefusedPrompt,
    Review,
)
from generations.models.promise import Promise
from generations.promise.lateness import apologise
from generations.reviews import claiming, deciding
from generations.reviews.errors import OwnWork
from generations.taking.sections import TABLES
from generations.taking.tables import read
from portal.audit import Event
from tests.generations.appeals.fixtures import MakeAppeal, judge
from tests.generations.appeals.test_thread import tell_due
from tests.generations.checks.rows import wording
from tests.generations.reviews.acting import claim, let_stand
from tests.generations.sharing.fixtures import MakeSubmission

NAMED = "A portrait of Ada Lovelace"
TEXT = "She died in 1852."
MAX_QUERIES = 13

Make = Callable[..., Generation]


@pytest.fixture
def rule(manager: Artist) -> CheckRule:
    return make_rule(wording(), by=manager)


@pytest.fixture
def refused(make_generation: Make, rule: CheckRule) -> RefusedPrompt:
    return refuse(make_generation)


@pytest.fixture
def about_prompt(refused: RefusedPrompt, artist: Artist) -> Appeal:
    return appeal_refused(refused.pk, artist=artist, text=TEXT)


def refuse(make_generation: Make, prompt: str = NAMED, **facts: object) -> RefusedPrompt:
    with pytest.raises(PromptRefused):
        make_generation(prompt, **facts)
    return RefusedPrompt.objects.latest("pk")


def page_of(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_from_the_refusal_to_the_clip_by_pages(
    client: Client,
    artist: Artist,
    refused: RefusedPrompt,
    second_reviewer: Artist,
    make_generation: Make,
) -> None:
    address = refused.get_absolute_url()
    client.force_login(artist)
    assert "Send the appeal" in page_of(client, address)

    sent = client.post(address, {"text": TEXT}, follow=True)

    appeal = Appeal.objects.get()
    assert sent.redirect_chain == [(appeal.get_absolute_url(), 302)]
    page = sent.content.decode()
    assert all(words in page for words in (TEXT, NAMED, "Real people", "Rights of others"))
    page = page_of(client, address)
    assert appeal.get_absolute_url() in page
    assert "Send the appeal" not in page

    client.force_login(second_reviewer)
    assert "A refused prompt" in page_of(client, reverse("generations:queue"))
    own = reverse("generations:review_prompt", args=[appeal.review.pk])
    assert client.get(appeal.review.get_absolute_url())["Location"] == own
    page = page_of(client, own)
    assert all(words in page for words in (TEXT, NAMED, "Real people", artist.credit_name))
    client.post(reverse("generations:claim", args=[appeal.review.pk]))
    assert client.post(own, {"outcome": "uphold"}).status_code == 400
    assert client.post(own, {"outcome": "approve"}).status_code == 400
    write = reverse("generations:appeal_write_to_artist", args=[appeal.review.pk])
    assert "Which portrait?" in client.post(write, {"text": "Which portrait?"}, follow=True).text

    decided = client.post(own, {"outcome": "overturn", "reason": "It is.", "stop": "1"})
    assert decided["Location"] == reverse("generations:queue")
    assert "a refused prompt" in page_of(client, reverse("generations:queue"))
    undo = reverse("generations:undo", args=[appeal.review.pk])
    assert undo in page_of(client, own)
    client.post(undo)
    client.post(own, {"outcome": "overturn", "reason": "It is."})
    let_stand()

    assert "Decision overturned" in page_of(client, own)
    client.force_login(artist)
    page = page_of(client, appeal.get_absolute_url())
    assert all(words in page for words in ("your words pass from now on", "It is.", "Which por"))
    assert "these words pass since" in page_of(client, address)
    assert make_generation(NAMED).checks.get().outcome == "flag"


def test_it_waits_in_the_queue_with_the_date_that_is_promised(
    refused: RefusedPrompt, artist: Artist
) -> None:
    with time_machine.travel("2026-11-23 10:00:00Z", tick=False):
        RefusedPrompt.objects.update(last_at=timezone.now())
        appeal = appeal_refused(refused.pk, artist=artist, text=TEXT)

    review = Review.objects.open().get()
    assert (review.kind, review.appeal, review.about) == ("appeal", appeal, None)
    assert (review.cohort, review.video_model) == (artist.cohort, refused.video_model)
    assert review.due_at.isoformat() == "2026-11-30T10:00:00+00:00"
    assert (appeal.ground, appeal.against) == (refused.ground, None)
    event = Event.objects.get(verb="appeal.made")
    assert (event.actor_id, event.facts["refused_prompt"]) == (artist.pk, str(refused.pk))


def test_an_overturn_lets_exactly_these_words_of_this_artist_pass_and_charges_nothing(
    about_prompt: Appeal,
    second_reviewer: Artist,
    make_generation: Make,
    other_artist: Artist,
) -> None:
    judge(about_prompt, by=second_reviewer, outcome="overturn")

    assert not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.HOLD).exists()
    assert make_generation(NAMED).checks.get().outcome == "flag"
    refuse(make_generation, NAMED + " at sea")
    refuse(make_generation, NAMED, by=other_artist)
    event = Event.objects.get(verb="prompt.allowed")
    assert event.actor_id == second_reviewer.pk


def test_an_uphold_lets_nothing_pass_and_says_why(
    about_prompt: Appeal, second_reviewer: Artist, make_generation: Make, artist: Artist
) -> None:
    appeal = judge(about_prompt, by=second_reviewer, outcome="uphold", reason="A real person.")

    assert (appeal.outcome, appeal.answer) == ("uphold", "A real person.")
    refused = refuse(make_generation)
    assert refused == appeal.refused
    assert refused.allowed_at is None
    with pytest.raises(AlreadyAppealed):
        appeal_refused(refused.pk, artist=artist, text=TEXT)


def test_what_passes_already_is_not_appealed_against(
    refused: RefusedPrompt, artist: Artist, manager: Artist
) -> None:
    """Be it by another rule's refusal of the same words."""
    other_rule = make_rule(wording(title="Portraits", kind="words", text="portrait"), by=manager)
    other = RefusedPrompt.objects.make(
        artist=artist,
        video_model=refused.video_model,
        prompt=NAMED,
        ground=refused.ground,
        rule=other_rule,
    )
    RefusedPrompt.objects.allow(other.pk)

    for one in (refused, other):
        with pytest.raises(NothingToAppeal):
            appeal_refused(one.pk, artist=artist, text=TEXT)


@pytest.mark.parametrize(("days", "is_late"), [(30, False), (31, True)])
def test_there_are_thirty_days_from_the_last_refusal_the_last_one_whole(
    days: int, is_late: bool, refused: RefusedPrompt, artist: Artist, client: Client
) -> None:
    first = datetime(2026, 10, 1, 12, tzinfo=UTC)
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    RefusedPrompt.objects.update(created_at=first, last_at=at)

    with time_machine.travel(at.replace(hour=23, minute=59) + timedelta(days=days), tick=False):
        client.force_login(artist)
        page = page_of(client, refused.get_absolute_url())
        assert ("The time to appeal against this is over" in page) == is_late
        if is_late:
            with pytest.raises(TooLateToAppeal):
                appeal_refused(refused.pk, artist=artist, text=TEXT)
            assert client.post(refused.get_absolute_url(), {"text": TEXT}).status_code == 409
        else:
            assert appeal_refused(refused.pk, artist=artist, text=TEXT).is_open


def test_an_appeal_needs_words_and_is_made_once(
    client: Client, artist: Artist, refused: RefusedPrompt
) -> None:
    client.force_login(artist)
    address = refused.get_absolute_url()

    for text in ("", "  ", "x" * 4001, "a\x00b"):
        assert client.post(address, {"text": text}).status_code == 400
    assert client.post(address, {"text": TEXT}).status_code == 302
    assert client.post(address, {"text": TEXT}).status_code == 409

    assert Appeal.objects.count() == 1


def test_nobody_appeals_for_another_or_reads_their_appeal(
    client: Client, refused: RefusedPrompt, other_artist: Artist, artist: Artist
) -> None:
    """I7"""
    client.force_login(other_artist)
    assert client.post(refused.get_absolute_url(), {"text": TEXT}).status_code == 404
    with pytest.raises(RefusedPrompt.DoesNotExist):
        appeal_refused(refused.pk, artist=other_artist, text=TEXT)

    appeal = appeal_refused(refused.pk, artist=artist, text=TEXT)
    assert client.get(appeal.get_absolute_url()).status_code == 404


def test_nobody_decides_on_their_own_prompt(
    make_generation: Make, rule: CheckRule, reviewer: Artist, artist: Artist, client: Client
) -> None:
    """I9: a reviewer who generates neither sees it among their reviews nor claims it."""
    Artist.objects.filter(pk=reviewer.pk).update(cohort=artist.cohort)
    reviewer.refresh_from_db()
    refused = refuse(make_generation, by=reviewer)
    appeal = appeal_refused(refused.pk, artist=reviewer, text=TEXT)

    with pytest.raises(OwnWork):
        claiming.claim(review=appeal.review, reviewer=reviewer)
    client.force_login(reviewer)
    own = reverse("generations:review_prompt", args=[appeal.review.pk])
    assert client.get(own).status_code == 404
    assert client.post(own, {"outcome": "overturn"}).status_code == 404


def test_who_has_not_claimed_it_decides_nothing(
    client: Client, about_prompt: Appeal, second_reviewer: Artist
) -> None:
    client.force_login(second_reviewer)
    own = reverse("generations:review_prompt", args=[about_prompt.review.pk])

    assert client.post(own, {"outcome": "overturn"}).status_code == 409
    assert not Opinion.objects.exists()


def test_the_page_of_prompts_shows_no_other_review(
    client: Client, appeal: Appeal, second_reviewer: Artist
) -> None:
    client.force_login(second_reviewer)

    own = reverse("generations:review_prompt", args=[appeal.review.pk])

    assert client.get(own).status_code == 404


def test_the_page_of_a_reviewer_asks_the_database_a_bounded_number_of_times(
    client: Client,
    about_prompt: Appeal,
    second_reviewer: Artist,
    artist: Artist,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    claiming.claim(review=about_prompt.review, reviewer=second_reviewer)
    for author in (second_reviewer, artist) * 10:
        thread.write(appeal=about_prompt, author=author, text="And?")
    client.force_login(second_reviewer)
    own = reverse("generations:review_prompt", args=[about_prompt.review.pk])

    with django_assert_max_num_queries(MAX_QUERIES):
        assert client.get(own).status_code == 200


def test_its_page_offers_to_undo_the_decision_before_it(
    client: Client,
    about_prompt: Appeal,
    second_reviewer: Artist,
    make_submission: MakeSubmission,
) -> None:
    before = claim(submission=make_submission(), reviewer=second_reviewer)
    deciding.decide(review=before.review, reviewer=second_reviewer, outcome="approve")
    client.force_login(second_reviewer)

    page = client.get(reverse("generations:review_prompt", args=[about_prompt.review.pk])).text

    assert reverse("generations:undo", args=[before.review.pk]) in page


def test_it_is_taken_back_while_nobody_decides_on_it(
    about_prompt: Appeal, second_reviewer: Artist, client: Client, artist: Artist
) -> None:
    claiming.claim(review=about_prompt.review, reviewer=second_reviewer)
    with pytest.raises(TooLateToTakeBack):
        services.withdraw(about_prompt)
    claiming.release(review=about_prompt.review, reviewer=second_reviewer)

    client.force_login(artist)
    taken_back = reverse("generations:appeal_withdraw", args=[about_prompt.pk])
    page = client.post(taken_back, follow=True).content.decode()

    assert "the refusal stands" in page
    assert not Review.objects.open().exists()
    with pytest.raises(AppealIsOver):
        services.withdraw(about_prompt)


def test_who_leaves_takes_it_back_and_what_they_wrote_is_erased(
    about_prompt: Appeal, artist: Artist, second_reviewer: Artist, client: Client
) -> None:
    review = claiming.claim(review=about_prompt.review, reviewer=second_reviewer)
    opinion = deciding.decide(review=review, reviewer=second_reviewer, outcome="overturn")

    leave(artist, shares=Departure.Shares.UNNAMED)
    erase_words(artist)
    let_stand(opinion)

    about_prompt.refresh_from_db()
    assert (about_prompt.outcome, about_prompt.text) == ("withdraw", "Erased")
    assert not RefusedPrompt.objects.exclude(allowed_at=None).exists()
    client.force_login(second_reviewer)
    page = page_of(client, reverse("generations:review_prompt", args=[review.pk]))
    assert "Erased with its artist" in page
    assert NAMED not in page


@pytest.mark.parametrize("outcome", ["overturn", "uphold"])
def test_its_letters_go_to_its_artist_and_who_decides_and_to_nobody_else(
    outcome: str, about_prompt: Appeal, artist: Artist, second_reviewer: Artist
) -> None:
    tell_due()
    claiming.claim(review=about_prompt.review, reviewer=second_reviewer)
    thread.write(appeal=about_prompt, author=artist, text="I drew it.")
    tell_due()
    judge(about_prompt, by=second_reviewer, outcome=outcome, reason="We looked at it.")
    tell_due()

    assert [letter.to for letter in mail.outbox] == [
        [artist.email],
        [second_reviewer.email],
        [artist.email],
    ]
    received, message, decided = mail.outbox
    assert "a person decides on it" in received.body
    assert about_prompt.review.get_absolute_url() in message.body
    assert "We looked at it." in decided.body
    assert (reverse("generations:create") in decided.body) == (outcome == "overturn")
    assert all("a refused prompt" in one.subject for one in mail.outbox)
    assert not AppealLetter.objects.filter(kind="overturned").exists()


def test_a_date_that_passes_is_apologised_for_with_the_way_to_the_appeal(
    about_prompt: Appeal, artist: Artist
) -> None:
    Review.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    (apology,) = apologise()
    notices.tell("apology", apology)

    (letter,) = mail.outbox
    assert letter.to == [artist.email]
    assert about_prompt.get_absolute_url() in letter.body
    review = Review.objects.get()
    assert review.due_at > timezone.now()
    assert Promise.objects.in_force()


def test_it_counts_among_the_overturns_of_its_ground_and_on_the_dashboard(
    about_prompt: Appeal, second_reviewer: Artist
) -> None:
    judge(about_prompt, by=second_reviewer, outcome="overturn")

    ground = Ground.objects.with_overturns().get(code="rights")
    assert (ground.appeals_decided, ground.overturns) == (1, 1)
    counted = reviewing.appeals(Asked(Period.until_today(7)))
    assert counted == {"decided": 1, "overturned": 1, "by_ground": {"rights": (1, 1)}}


def test_it_is_taken_away_with_the_prompt_that_it_is_about(
    about_prompt: Appeal, artist: Artist
) -> None:
    """I12"""
    (row,) = read(next(one for one in TABLES if one.name == "appeals"), artist)

    assert (row["refused_prompt"], row["against"]) == (about_prompt.refused_id, None)
    assert (row["text"], row["ground"]) == (TEXT, "Rights of others")


def test_the_database_refuses_an_appeal_about_two_things_or_against_nothing(
    appeal: Appeal, about_prompt: Appeal
) -> None:
    for one, changes in (
        (appeal, {"submission": None, "refused": about_prompt.refused}),
        (appeal, {"against": None}),
        (about_prompt, {"refused": None}),
        (about_prompt, {"against": appeal.against}),
        (about_prompt, {"submission": appeal.submission}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.filter(pk=one.pk).update(**changes)


@pytest.mark.django_db
def test_the_triggers_of_appeals_outlast_the_table_that_was_made_anew() -> None:
    """I9: of every trigger that the appeals were given, the database still has each."""
    first = import_module("generations.migrations.0036_appeals")
    is_postgresql = connection.vendor == "postgresql"
    given = first.POSTGRESQL if is_postgresql else first.SQLITE
    of_all = "SELECT tgname FROM pg_trigger" if is_postgresql else "SELECT name FROM sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(of_all)
        found = {name for (name,) in cursor.fetchall()}

    names = {one.split("TRIGGER ")[1].split()[0] for one in given if "CREATE TRIGGER" in one}
    assert len(names) == (2 if is_postgresql else 3)
    assert names <= found


def test_a_person_who_had_a_part_is_still_refused_by_the_database(
    make_appeal: MakeAppeal, reviewer: Artist
) -> None:
    """I9: of an appeal against a person's refusal, after the table was made anew."""
    appeal = make_appeal()
    end = {"outcome": "overturn", "decided_by": reviewer, "decided_at": timezone.now()}

    with pytest.raises(IntegrityError, match="no part"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(**end)


def test_who_decides_on_it_after_their_claim_keeps_their_words_and_records_them(
    client: Client, about_prompt: Appeal, reviewer: Artist
) -> None:
    review = claiming.claim(review=about_prompt.review, reviewer=reviewer)
    address = reverse("generations:review_prompt", args=[review.pk])
    said = {"outcome": "uphold", "reason": "It asks for a likeness."}
    client.force_login(reviewer)
    Review.objects.update(claim_expires_at=timezone.now())

    answer = client.post(address, said)
    again = client.post(address, said | {"claim": "1"})

    assert answer.status_code == 409
    assert f">{said['reason']}</p>" in answer.text
    assert 'name="claim"' in answer.text
    assert again.status_code == 302
    assert Opinion.objects.get(review=review).reason == said["reason"]
