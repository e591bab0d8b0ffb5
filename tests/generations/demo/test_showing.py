"""What of the demo's clips the public finds."""

from artists.models import Artist
from generations.demo.showing import show_clips
from generations.models import Portfolio, Share
from generations.reviews import claiming, deciding
from tests.generations.reviews.acting import let_stand, review_of
from tests.generations.sharing.fixtures import MakeSubmission


def test_a_portfolio_opens_as_soon_as_something_of_its_artist_is_public(
    artist: Artist, reviewer: Artist, make_submission: MakeSubmission
) -> None:
    people = {"ines": artist}
    review = claiming.claim(review=review_of(make_submission()), reviewer=reviewer)
    deciding.decide(review=review, reviewer=reviewer, outcome="approve")
    assert not show_clips(people)

    let_stand()

    assert show_clips(people)
    assert show_clips(people)
    assert Portfolio.objects.open().get().artist == artist
    assert Share.objects.in_portfolio_of(artist).count() == 1
