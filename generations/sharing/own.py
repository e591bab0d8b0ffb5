"""Whose submissions a program of an artist's sees: the artist's own (I7)."""

from uuid import UUID

from artists.models import Artist
from generations.models import Submission
from generations.sharing.errors import SubmissionNotFound


def own_submission(artist: Artist, submission_id: UUID) -> Submission:
    """Return one, with how it ended. Raises SubmissionNotFound."""
    found = Submission.objects.of(artist).filter(pk=submission_id).first()
    if found is None:
        raise SubmissionNotFound
    return found
