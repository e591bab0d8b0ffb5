"""Signed copies in a bucket: stored, served, known again; and a bucket that fails."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from artists.models import Artist
from generations.judging.enacting import enact
from generations.media.credentials.copies import private_copy
from generations.media.credentials.errors import NotSigned
from generations.media.credentials.identity import roots_pem
from generations.media.inspection import knowing
from generations.models import Share, SignedCopy, Submission
from generations.reviews import deciding
from generations.verifying.matching import find_shared
from portal.errors import FilesAway
from tests.generations.media.credentials.reading import read
from tests.generations.sharing.fixtures import MakeShare
from tests.services.s3 import Files


def signed(files: Files) -> set[str]:
    return {name for name in files.names() if name.startswith("signed/")}


def test_a_public_file_lies_in_the_bucket_and_is_trusted(
    files: Files, make_share: MakeShare, client: Client, tmp_path: Path
) -> None:
    share = make_share()
    copy = share.submission.public_copy

    content = client.get(share.video_url).getvalue()
    knowing.get_to_know(copy.pk)

    assert read(content, tmp_path, roots=roots_pem())["state"] == "Trusted"
    assert signed(files) == {copy.file.name}
    copy.refresh_from_db()
    assert len(copy.video_sha256) == 64
    assert find_shared(share.slug) == copy


def test_a_bucket_that_is_away_or_full_lets_nothing_be_approved(
    files: Files, settings: Any, claimed: Submission, reviewer: Artist
) -> None:
    settings.UNDO_SECONDS = 0
    opinion = deciding.decide(review=claimed.review, reviewer=reviewer, outcome="approve")
    with files.away(), pytest.raises(FilesAway):
        enact(opinion.pk)
    with files.full(), pytest.raises((FilesAway, NotSigned)):
        enact(opinion.pk)
    assert not Share.objects.exists()
    assert signed(files) == set()

    enact(opinion.pk)

    assert Share.objects.standing().exists()


def test_a_download_is_signed_from_the_bucket_into_it(files: Files, submission: Submission) -> None:
    copy = private_copy(submission.rendition)

    assert signed(files) == {copy.file.name}
    assert SignedCopy.objects.get() == copy
