"""Visitors report a public page; reviewers dismiss that or take the page down."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations import tasks
from generations.models import Ground, Opinion, Report, Review, Share
from generations.reports.errors import NotShown
from generations.reports.services import make_report
from generations.reviews import claiming, deciding
from generations.reviews.errors import HadAPart, ManagersTakeDown, OutcomeDoesNotFit
from generations.sharing.services import take_down, withdraw
from portal.audit import Event
from portal.throttling import TooHasty
from tests.generations.reviews.acting import claim, let_stand
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, MakeWork
from tests.second_factor import give_app

WORDS = "That is my face, at three seconds."
ADDRESS = "vera@example.org"


def page(share: Share) -> str:
    return reverse("generations:report", args=[share.slug])


def send(client: Client, share: Share, ground: Ground, **more: str) -> Any:
    return client.post(page(share), {"ground": ground.pk, "text": WORDS} | more)


def tell() -> None:
    """Write the letters that no worker has written yet, as the schedule does."""
    long_ago = timezone.now() - timedelta(minutes=5)
    Report.objects.exclude(answered_at=None).update(answered_at=long_ago)
    Share.objects.exclude(ended_at=None).update(ended_at=long_ago)
    tasks.tell_untold()


@pytest.fixture
def report(share: Share, ground: Ground) -> Report:
    return make_report(share, ground=ground, text=WORDS, email=ADDRESS)


@pytest.fixture
def second(make_artist: Any) -> Artist:
    """A reviewer who had no part in the approval."""
    return make_artist("Ravi", role="reviewer")


def decide(report: Report, reviewer: Artist, **said: Any) -> Opinion:
    review = claiming.claim(review=report.review, reviewer=reviewer)
    return deciding.decide(review=review, reviewer=reviewer, **said)


def test_a_visitor_reports_a_clip_without_an_account(
    client: Client, share: Share, ground: Ground
) -> None:
    assert page(share) in client.get(share.get_absolute_url()).text
    assert "Criticism of the programme is none" in client.get(page(share)).text

    answer = send(client, share, ground, email=ADDRESS)

    assert "Thank you" in client.get(answer["Location"]).text
    report = Report.objects.get()
    assert (report.share, report.ground, report.text) == (share, ground, WORDS)
    review = report.review
    assert (review.kind, review.about, review.artist) == (
        Review.Kind.REPORT,
        share.submission,
        share.submission.artist,
    )
    assert review.due_at > timezone.now()


def test_a_report_needs_a_ground_of_the_list_and_words(
    client: Client, share: Share, ground: Ground
) -> None:
    for said in ({}, {"ground": ground.pk}, {"ground": "9999", "text": WORDS}, {"text": WORDS}):
        assert client.post(page(share), said).status_code == 400
    assert send(client, share, ground, email="not an address").status_code == 400
    assert not Report.objects.exists()


def test_a_program_that_fills_in_everything_is_thanked_and_heard_no_more(
    client: Client, share: Share, ground: Ground
) -> None:
    answer = send(client, share, ground, website="https://pills.example")

    assert answer.status_code == 302
    assert not Report.objects.exists()


def test_reports_from_one_place_are_few(client: Client, share: Share, ground: Ground) -> None:
    for _ in range(5):
        assert send(client, share, ground).status_code == 302

    assert send(client, share, ground).status_code == TooHasty.status
    assert send(Client(REMOTE_ADDR="198.51.100.9"), share, ground).status_code == 302
    assert Report.objects.count() == 6


def test_many_reports_of_one_share_are_one_review_and_of_two_are_two(
    make_share: MakeShare, ground: Ground
) -> None:
    one, other = make_share(), make_share()

    made = [make_report(share, ground=ground, text=WORDS) for share in (one, one, other, one)]

    assert len({report.review_id for report in made}) == 2
    assert Review.objects.filter(kind=Review.Kind.REPORT).count() == 2


@pytest.mark.django_db(transaction=True)
def test_reports_that_come_at_once_join_one_review(share: Share, ground: Ground) -> None:
    failed: list[BaseException] = []

    def report() -> None:
        try:
            make_report(share, ground=ground, text=WORDS)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=report) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert Report.objects.count() == 10
    assert Review.objects.filter(kind=Review.Kind.REPORT).count() == 1


def test_what_is_not_shown_is_not_reported(
    client: Client, share: Share, artist: Artist, ground: Ground
) -> None:
    """I1: behind a password there is nothing to report for who does not know it."""
    Share.objects.update(password="hashed")
    assert client.get(page(share)).status_code == 404
    Share.objects.update(password="")
    withdraw(share, artist=artist)

    assert client.get(page(share)).status_code == 410
    assert send(client, share, ground).status_code == 410
    assert client.get("/s/no-such-page/report/").status_code == 404
    with pytest.raises(NotShown):
        make_report(share, ground=ground, text=WORDS)


def test_a_manager_takes_a_reported_share_down_and_all_are_told(
    client: Client,
    report: Report,
    manager: Artist,
    ground: Ground,
    artist: Artist,
    tasks_run_at_once: None,
) -> None:
    """I1, I9, I10: by their pages alone."""
    share = report.share
    client.force_login(manager)
    queue = client.get(reverse("generations:queue")).text
    assert f"/reviews/{report.review_id}/" in queue
    address = client.get(f"/reviews/{report.review_id}/", follow=True).redirect_chain[-1][0]
    assert WORDS in client.get(address).text
    assert ADDRESS not in client.get(address).text
    client.post(reverse("generations:claim", args=[report.review_id]))
    assert client.post(address, {"outcome": "take_down"}).status_code == 400
    said = {"outcome": "take_down", "ground": ground.pk, "reason": "The face is a real one."}

    client.post(address, said)
    assert "Undo" in client.get(address).text
    assert Client().get(share.get_absolute_url()).status_code == 200
    let_stand()

    gone = Client().get(share.get_absolute_url())
    assert gone.status_code == 410
    assert ground.title in gone.text
    share.refresh_from_db()
    assert (share.taken_down_by, share.ground) == (manager, ground)
    assert Event.objects.filter(verb="share.taken_down", actor_id=manager.pk).exists()
    tell()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {artist.email, ADDRESS}
    assert "It was taken down" in letters[ADDRESS].body
    assert "The face is a real one." in letters[artist.email].body
    assert WORDS not in letters[artist.email].body
    assert "The face is a real one." not in letters[ADDRESS].body


def test_a_report_that_rests_on_nothing_is_dismissed_and_the_page_stays(
    client: Client, report: Report, second: Artist, tasks_run_at_once: None
) -> None:
    decide(report, second, outcome="dismiss")
    let_stand()

    assert client.get(report.share.get_absolute_url()).status_code == 200
    assert Event.objects.filter(verb="report.dismissed", actor_id=second.pk).exists()
    tell()
    tell()
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert "none of the published grounds" in letter.body
    report.refresh_from_db()
    assert (report.outcome, report.email) == ("dismissed", "")
    assert report.told_at
    again = make_report(report.share, ground=report.ground, text="Look again, please.")
    assert again.review != report.review


def test_who_approved_a_clip_does_not_judge_what_is_said_of_it(
    report: Report, reviewer: Artist, artist: Artist, client: Client
) -> None:
    """I9: neither does its artist."""
    with pytest.raises(HadAPart):
        claiming.claim(review=report.review, reviewer=reviewer)
    artist.groups.set(reviewer.groups.all())
    give_app(artist)
    client.force_login(artist)
    assert client.get(reverse("generations:reported", args=[report.review_id])).status_code == 404


def test_a_report_is_not_approved(report: Report, second: Artist) -> None:
    with pytest.raises(OutcomeDoesNotFit):
        decide(report, second, outcome="approve")


def test_what_was_said_of_a_report_is_taken_back_in_time(
    client: Client, report: Report, manager: Artist, ground: Ground
) -> None:
    opinion = decide(report, manager, outcome="take_down", ground=ground, reason="A face.")

    deciding.undo(opinion=opinion, reviewer=manager)
    let_stand(opinion)

    assert client.get(report.share.get_absolute_url()).status_code == 200
    report.refresh_from_db()
    assert report.outcome == ""


def test_a_reviewer_dismisses_or_escalates_and_takes_nothing_down(
    client: Client, report: Report, second: Artist, ground: Ground
) -> None:
    """By the service, and by a direct request."""
    with pytest.raises(ManagersTakeDown):
        decide(report, second, outcome="take_down", ground=ground, reason="A face.")
    client.force_login(second)
    said = {"outcome": "take_down", "ground": ground.pk, "reason": "A face."}

    answer = client.post(f"/reviews/{report.review_id}/reported/", said)

    assert answer.status_code == 400
    assert 'value="take_down"' not in answer.text
    assert report.share.is_live


def test_an_escalated_report_is_for_managers(
    client: Client, report: Report, second: Artist, manager: Artist
) -> None:
    words = "I cannot tell whose face it is."
    decide(report, second, outcome="escalate", words_inside=words)
    let_stand()
    client.force_login(manager)
    assert words in client.get(reverse("generations:reported", args=[report.review_id])).text

    decide(report, manager, outcome="dismiss")
    let_stand()

    report.refresh_from_db()
    assert report.outcome == Report.Outcome.DISMISSED


@pytest.mark.parametrize("how", ["withdrawn", "taken_down"])
def test_a_share_that_ends_answers_its_reports(
    report: Report, second: Artist, artist: Artist, manager: Artist, ground: Ground, how: str
) -> None:
    """Even under a decision that could still be undone: nothing follows from that any more."""
    opinion = decide(report, second, outcome="dismiss")
    if how == "withdrawn":
        withdraw(report.share, artist=artist)
    else:
        take_down(report.share, manager=manager, ground=ground, reason="A face.")

    let_stand(opinion)

    report.refresh_from_db()
    assert report.outcome == ("ended" if how == "withdrawn" else "taken_down")
    assert not Review.objects.open().exists()
    assert not Opinion.objects.due().exists()
    assert not Event.objects.filter(verb="report.dismissed").exists()


def test_a_report_that_comes_while_another_is_decided_is_read_by_somebody(
    report: Report, second: Artist, ground: Ground
) -> None:
    decide(report, second, outcome="dismiss")
    late = make_report(report.share, ground=ground, text="And it is my song.")

    let_stand()

    late.refresh_from_db()
    assert late.outcome == ""
    assert late.review != report.review
    assert late.review.is_open


def test_the_page_of_reports_costs_the_same_for_many(
    client: Client,
    report: Report,
    second: Artist,
    ground: Ground,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(30):
        make_report(report.share, ground=ground, text=WORDS)
    client.force_login(second)

    with django_assert_max_num_queries(17):
        client.get(reverse("generations:reported", args=[report.review_id]))


def test_nothing_of_a_report_is_in_the_artists_archive_or_page(
    client: Client, report: Report, artist: Artist, make_work: MakeWork
) -> None:
    client.force_login(artist)

    words = client.get(report.share.submission.generation.get_absolute_url()).text

    assert WORDS not in words
    assert ADDRESS not in words


def test_who_may_not_take_down_is_asked_for_no_ground(
    client: Client, report: Report, second: Artist, manager: Artist
) -> None:
    pages = {}
    for who in (second, manager):
        review = claiming.claim(review=report.review, reviewer=who)
        client.force_login(who)
        pages[who] = client.get(reverse("generations:reported", args=[review.pk])).text
        claiming.release(review=review, reviewer=who)

    assert 'name="ground"' not in pages[second]
    assert "escalate: a manager decides" in pages[second]
    assert 'name="ground"' in pages[manager]


@pytest.mark.usefixtures("second")  # who may decide instead
def test_who_approved_the_clip_is_not_offered_its_reports(
    client: Client, report: Report, reviewer: Artist
) -> None:
    client.force_login(reviewer)

    shown = client.get(reverse("generations:reported", args=[report.review_id])).text

    assert "Not yours to decide" in shown
    assert reverse("generations:claim", args=[report.review_id]) not in shown


def test_the_page_of_reports_says_how_they_stand_for_somebody_else(
    client: Client, report: Report, second: Artist, make_artist: Any
) -> None:
    client.force_login(make_artist("Tara", role="reviewer"))
    address = reverse("generations:reported", args=[report.review.pk])

    claiming.claim(review=report.review, reviewer=second)
    claimed = client.get(address).text
    deciding.decide(review=report.review, reviewer=second, outcome="dismiss")
    decided = client.get(address).text

    assert f"{second} holds these reports until" in claimed
    assert "Just decided" in decided


def test_the_page_of_a_report_offers_to_undo_the_decision_before_it(
    client: Client, report: Report, second: Artist, make_submission: MakeSubmission
) -> None:
    before = claim(submission=make_submission(), reviewer=second)
    deciding.decide(review=before.review, reviewer=second, outcome="approve")
    client.force_login(second)

    shown = client.get(reverse("generations:reported", args=[report.review_id])).text

    assert reverse("generations:undo", args=[before.review.pk]) in shown


@pytest.mark.usefixtures("tasks_run_at_once")
@pytest.mark.django_db(transaction=True)
def test_the_letters_about_a_report_go_out_as_soon_as_what_was_said_stands(
    report: Report, manager: Artist, ground: Ground
) -> None:
    """By the task that enacts it; the schedule looks for what was left two minutes later."""
    taken_down = {"outcome": "take_down", "ground": ground, "reason": "It is her face."}
    opinion = decide(report, manager, **taken_down)
    mail.outbox.clear()

    let_stand(opinion)

    assert [letter.to for letter in mail.outbox] == [["ada@example.org"], [ADDRESS]]


@pytest.mark.usefixtures("tasks_run_at_once")
@pytest.mark.django_db(transaction=True)
def test_who_reported_hears_at_once_of_a_dismissal_and_of_a_managers_own_take_down(
    report: Report, second: Artist, make_share: MakeShare, manager: Artist, ground: Ground
) -> None:
    dismissal = decide(report, second, outcome="dismiss")
    mail.outbox.clear()
    let_stand(dismissal)
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
    other = make_share()
    make_report(other, ground=ground, text=WORDS, email="otto@example.org")
    mail.outbox.clear()

    take_down(other, manager=manager, ground=ground, reason="It is her face.")

    assert [letter.to for letter in mail.outbox] == [["ada@example.org"], ["otto@example.org"]]


def test_who_decides_on_a_report_after_their_claim_keeps_their_words_and_records_them(
    client: Client, report: Report, second: Artist
) -> None:
    review = claiming.claim(review=report.review, reviewer=second)
    address = reverse("generations:reported", args=[review.pk])
    said = {"outcome": "escalate", "words_inside": "A manager knows her face."}
    client.force_login(second)
    Review.objects.update(claim_expires_at=timezone.now())

    answer = client.post(address, said)
    again = client.post(address, said | {"claim": "1"})

    assert answer.status_code == 409
    assert f">{said['words_inside']}</p>" in answer.text
    assert 'name="claim"' in answer.text
    assert again.status_code == 302
    assert Opinion.objects.get(review=review).words_inside == said["words_inside"]
