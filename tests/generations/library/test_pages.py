"""Home, library, one work and its progress."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist, Cohort, Limit
from artists.quotas.ceilings import raise_for_a_time
from artists.quotas.services import settle
from artists.roles.services import MANAGER, set_roles
from generations.library.views import PAGE_SIZE, ROWS_SHOWN
from generations.library.work import MOVES_SHOWN, REMIXES_SHOWN, SUBMISSIONS_SHOWN
from generations.models import Attempt, Generation, Move, Rate, Share, Submission
from generations.models.generation import Status
from generations.sharing.services import withdraw_submission

Make = Callable[..., Generation]


@pytest.fixture
def client(client: Client, artist: Artist) -> Client:
    client.force_login(artist)
    return client


@pytest.fixture
def many(make_generation: Make) -> Callable[[int], list[Generation]]:
    Cohort.objects.update(queued_cap=1000)
    return lambda count: [make_generation(f"Prompt number {number}") for number in range(count)]


def test_home_shows_what_is_free_what_runs_and_what_is_new(
    client: Client, make_generation: Make, make_work: Make
) -> None:
    make_generation("Still waiting")
    make_work(prompt="Just made")

    answer = client.get("/home/")

    (window,) = answer.context["windows"]
    assert (window.held, window.free) == (8, 992)
    page = answer.content.decode()
    assert "Still waiting" in page
    assert "Just made" in page


def test_home_counts_what_waits_for_a_reviewer_and_for_nobody_else(
    client: Client, make_submission: Callable[..., Submission], reviewer: Artist
) -> None:
    make_submission()
    assert "queue" not in client.get("/home/").context

    without_second_factor = Client()
    without_second_factor.force_login(reviewer)
    assert "queue" not in without_second_factor.get("/home/").context

    client.force_login(reviewer)
    answer = client.get("/home/")
    assert [(view.name, view.count) for view in answer.context["queue"]] == [
        ("Open", "1"),
        ("Mine", "0"),
        ("Overdue", "0"),
        ("Flagged", "0"),
    ]
    assert 'href="/reviews/?overdue=on"' in answer.content.decode()


def test_a_long_prompt_leaves_the_clip_in_sight_and_is_there_in_full(
    client: Client, make_work: Make
) -> None:
    prompt = "A boat on a calm sea. " * 40
    page = client.get(make_work(prompt=prompt).get_absolute_url()).content.decode()

    heading = page.split("</h1>")[0].rpartition(">")[2]
    assert len(heading) == 240
    assert prompt in page


def test_home_takes_the_same_queries_however_much_there_is(
    client: Client,
    many: Callable[[int], list[Generation]],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    many(2)
    client.get("/home/")
    with django_assert_num_queries(13):
        client.get("/home/")
    many(10)

    with django_assert_num_queries(13):
        client.get("/home/")


def test_home_asks_once_for_all_that_is_being_made(
    client: Client, many: Callable[[int], list[Generation]]
) -> None:
    many(5)

    page = client.get("/home/").content.decode()

    assert page.count("hx-trigger") == 1
    assert page.count('<article class="clip-row"') == 5


def test_what_is_being_made_is_read_with_the_same_queries_however_much_it_is(
    client: Client,
    many: Callable[[int], list[Generation]],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    many(1)
    client.get("/active/")  # the usual times are measured
    many(20)

    with django_assert_num_queries(3):  # the session, the person, the generations
        assert len(client.get("/active/").context["rows"]) == 21


def test_what_ends_meanwhile_stays_with_a_link_and_the_asking_stops_with_the_last(
    client: Client, make_generation: Make
) -> None:
    boat, crane = make_generation("A boat"), make_generation("A crane")
    asked = client.get("/home/").context["watched"]

    Generation.objects.filter(pk=boat.pk).update(status=Status.READY)
    one_ready = client.get(f"/active/?{asked}").content.decode()
    Generation.objects.filter(pk=crane.pk).update(status=Status.CANCELLED)
    all_ended = client.get(f"/active/?{asked}").content.decode()

    assert one_ready.count("Watch it") == 1
    assert "1 clip ready, 1 being made" in one_ready
    assert "hx-trigger" in one_ready
    assert "A crane" in all_ended
    assert "hx-trigger" not in all_ended


def test_of_very_many_the_newest_are_shown_and_the_page_says_so(
    client: Client, many: Callable[[int], list[Generation]]
) -> None:
    many(ROWS_SHOWN + 1)

    answer = client.get("/active/")

    assert len(answer.context["rows"]) == ROWS_SHOWN
    assert "All that is being made" in answer.content.decode()


def test_nobody_watches_anothers_works(
    client: Client, make_generation: Make, other_artist: Artist
) -> None:
    """I7: whatever ids are asked for."""
    theirs = make_generation("Not for you", by=other_artist)

    answer = client.get("/active/", {"watched": [str(theirs.pk), "nonsense", ""]})

    assert answer.status_code == 200
    assert answer.context["rows"] == []


def test_home_leaves_out_submissions_of_removed_works(
    client: Client, make_share: Callable[..., Share], make_submission: Callable[..., Submission]
) -> None:
    share = make_share(title="Gone for good")
    make_submission(title="Still here")
    client.post(f"/works/{share.submission.generation_id}/remove/")

    page = client.get("/home/").content.decode()

    assert "Still here" in page
    assert "Gone for good" not in page


def test_a_person_without_a_cohort_has_a_home_too(client: Client, artist: Artist) -> None:
    Artist.objects.update(cohort=None)

    assert client.get("/home/").status_code == 200


def test_a_manager_finds_what_the_programme_is_run_from_at_home(
    client: Client, artist: Artist, manager: Artist
) -> None:
    places = ("/dashboard/", "/pauses/", "/audit/", "/roles/")
    assert not any(f'href="{place}"' in client.get("/home/").content.decode() for place in places)

    set_roles(manager, [MANAGER], by=None)
    client.force_login(manager)

    # Once in the menu, and once in sight.
    page = client.get("/home/").content.decode()
    assert [page.count(f'href="{place}"') for place in places] == [2] * len(places)


def test_the_library_pages_by_key_through_all_works_once(
    client: Client, many: Callable[[int], list[Generation]]
) -> None:
    made = many(PAGE_SIZE * 2 + 3)

    seen: list[Generation] = []
    cursor = ""
    while True:
        page = client.get("/works/", {"after": cursor} if cursor else {}).context["page"]
        seen += page.items
        cursor = page.next_cursor
        if not cursor:
            break

    assert seen == sorted(made, key=lambda one: one.pk, reverse=True)


def test_the_library_takes_the_same_queries_on_its_last_page(
    client: Client,
    many: Callable[[int], list[Generation]],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made = many(PAGE_SIZE + 5)

    with django_assert_max_num_queries(6):
        client.get("/works/")
    with django_assert_max_num_queries(6):
        client.get("/works/", {"after": str(made[5].pk)})


@pytest.mark.parametrize("cursor", ["nonsense", "0", "'; drop table"])
def test_a_cursor_that_is_none_shows_the_first_page(
    client: Client, make_generation: Make, cursor: str
) -> None:
    generation = make_generation()

    assert client.get("/works/", {"after": cursor}).context["page"].items == [generation]


def test_the_library_is_searched_by_words_and_state(
    client: Client, make_generation: Make, make_work: Make
) -> None:
    boat = make_work(prompt="A paper boat at dusk")
    make_work(prompt="A mountain at dusk")
    waiting = make_generation("A paper crane")

    def found(**asked: str) -> list[Generation]:
        return list(client.get("/works/", asked).context["page"].items)

    assert found(q="paper dusk") == [boat]
    assert found(q="PAPER", status="active") == [waiting]
    assert found(status="ended") == []
    assert found(q="50%_off") == []
    assert len(found(status="no such state")) == 3


def test_an_empty_library_says_where_to_begin(client: Client) -> None:
    assert "Everything you make is kept here" in client.get("/works/").content.decode()


def test_the_next_page_comes_as_a_fragment_to_htmx(
    client: Client, many: Callable[[int], list[Generation]]
) -> None:
    made = many(PAGE_SIZE + 1)

    part = client.get("/works/", {"after": str(made[1].pk)}, headers={"HX-Request": "true"})

    assert "<html" not in part.content.decode()
    assert "Prompt number 0" in part.content.decode()


def test_nobody_sees_anothers_works(
    client: Client, make_generation: Make, other_artist: Artist
) -> None:
    """I7"""
    theirs = make_generation("Not for you", by=other_artist)

    assert "Not for you" not in client.get("/works/").content.decode()
    assert client.get(f"/works/{theirs.pk}/").status_code == 404
    assert client.get(f"/works/{theirs.pk}/progress/").status_code == 404


def test_a_work_tells_what_happened_when(client: Client, make_generation: Make) -> None:
    generation = make_generation()
    client.post(f"/works/{generation.pk}/cancel/")

    answer = client.get(f"/works/{generation.pk}/")

    assert [move.to for move in answer.context["moves"]] == ["queued", "cancelled"]
    assert "Cancelled by the artist." in answer.content.decode()


def test_a_long_life_is_shown_by_its_last_parts_and_the_page_says_so(
    client: Client,
    make_work: Make,
    make_submission: Callable[..., Submission],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    work = make_work()
    Move.objects.bulk_create(
        Move(generation=work, to=Status.QUEUED, at=timezone.now(), note=f"Step {number}")
        for number in range(MOVES_SHOWN + 1)
    )
    for _ in range(REMIXES_SHOWN + 1):
        make_work(parent=work)
    for number in range(SUBMISSIONS_SHOWN + 1):
        withdraw_submission(make_submission(work, title=f"Try {number}"))

    with django_assert_max_num_queries(14):
        answer = client.get(work.get_absolute_url())

    shown = answer.context
    assert [move.note for move in shown["moves"]] == [f"Step {n}" for n in range(1, 51)]
    assert (len(shown["remixes"]), len(shown["submissions"])) == (12, 10)
    page = answer.content.decode()
    assert "Only the last 50 steps are shown" in page
    assert "Only the latest 12 remixes are shown" in page
    assert "Only the latest 10 submissions are shown" in page


def test_what_happened_when_grows_while_a_work_is_made(
    client: Client, make_generation: Make
) -> None:
    generation = make_generation()
    Generation.objects.move(generation.pk, Status.SUBMITTING)

    part = client.get(f"/works/{generation.pk}/progress/").content.decode()

    assert 'id="moves"' in part
    assert "hx-swap-oob" in part
    assert "Being sent" in part


def test_a_failed_work_says_why_and_what_became_of_the_credits(
    client: Client, make_generation: Make
) -> None:
    generation = make_generation()
    Generation.objects.filter(pk=generation.pk).update(
        status=Status.FAILED, failure_message="The video model took too long."
    )

    page = client.get(f"/works/{generation.pk}/").content.decode()

    assert "The video model took too long." in page
    assert "All 8 credits are yours again" in page


def test_a_work_shows_estimate_hold_and_settlement_and_the_providers_cost_to_managers_alone(
    client: Client, make_generation: Make, artist: Artist
) -> None:
    Rate.objects.update(provider_price=1250)
    generation = make_generation()
    address = f"/works/{generation.pk}/"
    while_held = client.get(address).content.decode()
    settle(generation.reservation, amount=8, cost=6000)
    Generation.objects.filter(pk=generation.pk).update(status=Status.READY)
    settled = client.get(address).content.decode()
    artist.groups.add(Group.objects.get(name=MANAGER))

    of_a_manager = client.get(address).content.decode()

    assert "8 until it ends" in while_held
    assert "0, the hold of 8 is closed" in settled
    assert "8 spent" in settled
    assert "USD" not in while_held + settled
    assert "0.50 USD of the budget" in of_a_manager
    assert "0.60 USD, more than was held" in of_a_manager


def test_home_shows_a_running_raise_with_its_end(client: Client, artist: Artist) -> None:
    now = timezone.now()
    raise_for_a_time(
        artist.limits.get(),
        extra=250,
        starts_at=now,
        ends_at=now + timedelta(days=2),
        by=None,
        reason="A festival",
    )

    page = client.get("/home/").content.decode()

    assert "<strong>1250</strong> of 1250 credits free" in page
    assert "+250 of it until" in page


def test_home_tells_artists_nothing_of_the_programmes_money(client: Client) -> None:
    Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=10_000)

    answer = client.get("/home/")

    assert [window.limit.unit for window in answer.context["windows"]] == ["credits"]
    assert "USD" not in answer.content.decode()


def test_a_removed_work_leaves_the_library(client: Client, make_work: Make) -> None:
    work = make_work()

    client.post(f"/works/{work.pk}/remove/")

    assert client.get(f"/works/{work.pk}/").status_code == 404
    assert client.get("/works/").context["page"].items == []


def test_a_running_work_cannot_be_removed_and_the_page_says_so(
    client: Client, make_generation: Make
) -> None:
    generation = make_generation()

    answer = client.post(f"/works/{generation.pk}/remove/")

    assert answer.status_code == 409
    assert "It can be removed once it has ended" in answer.content.decode()


def test_progress_asks_again_until_the_end(client: Client, make_generation: Make) -> None:
    generation = make_generation()
    assert "hx-trigger" in client.get(f"/works/{generation.pk}/progress/").content.decode()

    Generation.objects.filter(pk=generation.pk).update(status=Status.READY)

    ended = client.get(f"/works/{generation.pk}/progress/").content.decode()
    assert "hx-trigger" not in ended
    assert "Watch it" in ended


def test_a_waiting_time_is_said_once_there_are_times_to_tell_from(
    client: Client, make_generation: Make, make_work: Make
) -> None:
    waiting = make_generation("How long?")
    assert client.get(f"/works/{waiting.pk}/progress/").context["wait"] is None

    for seconds in (20, 30, 40):
        work = make_work()
        sent = timezone.now()
        Attempt.objects.create(
            generation=work, provider="sketch", state=Attempt.State.ACCEPTED, sent_at=sent
        )
        ended = sent + timedelta(seconds=seconds)
        Generation.objects.filter(pk=work.pk).update(finished_at=ended)
    caches["memory"].clear()  # what was measured is kept for half a minute

    wait = client.get(f"/works/{waiting.pk}/progress/").context["wait"]
    assert (wait.position, wait.low_seconds, wait.high_seconds) == (1, 30, 76)


def test_a_ready_work_can_be_submitted_until_it_is_undecided(
    client: Client, make_work: Make
) -> None:
    work = make_work()
    assert client.get(f"/works/{work.pk}/").context["submission_form"] is not None

    words = {"title": "Boat", "credit_name": "Ada", "show_prompt": "on"}
    client.post(f"/works/{work.pk}/submit/", words)

    answer = client.get(f"/works/{work.pk}/")
    assert answer.context["submission_form"] is None
    (submission,) = answer.context["submissions"]
    assert submission.status == Submission.Status.WAITING


def test_a_work_says_whether_what_makes_it_can_be_stopped(
    client: Client, make_generation: Make
) -> None:
    generation = make_generation()
    waiting = client.get(generation.get_absolute_url()).text
    Generation.objects.filter(pk=generation.pk).update(status=Status.RENDERING)
    rendering = client.get(f"{generation.get_absolute_url()}progress/").text

    assert "While it waits, that is: what it has begun, Sketch 1 finishes." in waiting
    assert "It can’t be stopped any more" in rendering
    assert "It can’t be stopped" not in client.get("/home/").text
