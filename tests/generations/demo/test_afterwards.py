"""What a visitor of the demo finds beside its clips, once those have come in."""

import pytest
from django.utils import timezone

from artists.models import Artist, Reservation
from generations.demo.afterwards import go_on, save_views
from generations.demo.past import PAST, remember_months
from generations.demo.programme import fill_in
from generations.demo.showing import show_clips
from generations.demo.story import carry_on, queue_scenes
from generations.models import (
    Appeal,
    Generation,
    Note,
    Portfolio,
    Report,
    Review,
    ReviewMonth,
    SavedView,
    Share,
    Submission,
    SubmissionSet,
)
from generations.models.generation import Status
from generations.promise.months import count_months
from tests.generations.reviews.acting import let_stand
from tests.generations.sharing.fixtures import FILES, store

People = dict[str, Artist]


@pytest.fixture
def people(db: None) -> People:
    return fill_in()


@pytest.fixture
def told(people: People) -> People:
    """The demo a few minutes on: its clips have come in, and what was decided stands."""
    queue_scenes(people)
    for work in Generation.objects.filter(status=Status.QUEUED):
        now = timezone.now()
        settled = {"state": "settled", "settled_credits": work.price_credits, "closed_at": now}
        Reservation.objects.filter(pk=work.reservation_id).update(**settled)
        Generation.objects.filter(pk=work.pk).update(status=Status.READY, finished_at=now)
        for kind, (content_type, width, height) in FILES.items():
            store(work, kind, content_type=content_type, width=width, height=height)
    while not _go_on(people):
        let_stand()
    return people


def _go_on(people: People) -> bool:
    return all([carry_on(people), go_on(people), show_clips(people)])


def test_each_page_of_the_demo_has_something_of_its_kind(told: People) -> None:
    appeals = Appeal.objects.order_by("pk")
    of_tomo = appeals.get(submission__artist=told["tomo"])
    assert of_tomo.outcome == Appeal.Outcome.OVERTURN
    assert [one.author for one in of_tomo.messages.in_order()] == [told["paul"], told["tomo"]]
    assert Share.objects.live().filter(submission__title="After hours").count() == 1
    assert appeals.open().get(submission__artist=told["vera"]).the_submission.title == "The keeper"
    assert appeals.open().get(refused__artist=told["tomo"])
    notes = list(Note.objects.told().along_the_clip())
    assert [bool(note.drawing) for note in notes] == [False, True]
    report = Report.objects.open().get()
    assert report.share.submission.title == "Lanterns"
    assert SubmissionSet.objects.get().submissions.count() == 2
    assert Portfolio.objects.open().get().artist == told["ines"]
    escalated = Review.objects.open().get(level=Review.Level.MANAGERS)
    assert escalated.about
    assert escalated.about.title == "Orbit"


def test_told_on_it_stays_as_it_is(told: People) -> None:
    tables = (Appeal, Note, Report, Review, Share, Submission)
    before = [model.objects.count() for model in tables]

    assert _go_on(told)

    assert [model.objects.count() for model in tables] == before


def test_those_who_review_have_views_of_the_queue_once(people: People) -> None:
    save_views(people)
    SavedView.objects.filter(name="Appeals").update(name="Mine of today")
    save_views(people)

    owners = list(SavedView.objects.order_by("pk").values_list("reviewer", flat=True))
    assert sorted(owners) == sorted(
        people[name].pk for name in ("rosa", "rosa", "paul", "paul", "mina")
    )


def test_the_months_before_the_demo_are_kept_and_never_counted_anew(told: People) -> None:
    ReviewMonth.objects.all().delete()
    remember_months()
    past = list(ReviewMonth.objects.values())

    count_months()
    remember_months()

    assert len(past) == len(PAST)
    months = ReviewMonth.objects.order_by("-month")
    assert list(months[1:].values()) == past
    assert months[0].decided
