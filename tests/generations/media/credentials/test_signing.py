"""What is signed, who accepts it, what it says and keeps out, and what stands in the way."""

import resource
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_save
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.judging.enacting import enact
from generations.media import tidying
from generations.media.credentials.copies import private_copy
from generations.media.credentials.errors import NotSigned
from generations.media.credentials.identity import roots_pem
from generations.models import (
    Decision,
    Generation,
    Opinion,
    Rendition,
    Share,
    SignedCopy,
    Submission,
)
from generations.models.video_model import SourceType
from generations.reviews import deciding
from tests.generations.media.credentials.chains import CLAIM_SIGNING, write_chain
from tests.generations.media.credentials.reading import read, read_independently
from tests.generations.reviews.acting import decide
from tests.generations.sharing.fixtures import MakeShare, MakeWork, change_on_disk, public_bytes

SIGNER = """
import sys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import load_pem_private_key
key = load_pem_private_key(open(sys.argv[1], "rb").read(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(SHA384())))
"""


def master_of(work: Generation) -> Rendition:
    return work.renditions.get(kind=Rendition.Kind.MASTER)


def private_bytes(work: Generation) -> bytes:
    with private_copy(master_of(work)).file.open() as file:
        return bytes(file.read())


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def signed_files() -> list[str]:
    return [one.name for one in default_storage.walk("signed")]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "portal.folder.Folder",
            "OPTIONS": {"location": tmp_path / "media", "base_url": None},
        }
    }


def test_the_public_file_is_trusted_by_two_readers_that_share_no_code(
    share: Share, tmp_path: Path
) -> None:
    content = public_bytes(share)

    own = read(content, tmp_path, roots=roots_pem())
    independent = read_independently(content, tmp_path, roots=roots_pem())

    assert (own["state"], own["failures"], own["all_own"]) == ("Trusted", [], True)
    assert independent["validation_state"] == "Trusted"
    assert (independent["integrity"], independent["hard_binding"]) == ("valid", "match")


def test_the_public_file_says_what_is_so_and_that_it_was_approved(
    share: Share, tmp_path: Path
) -> None:
    said = read(public_bytes(share), tmp_path, roots=roots_pem())["assertions"]

    created, published = said["c2pa.actions.v2"]["actions"]
    assert created["digitalSourceType"].endswith("/algorithmicMedia")
    assert created["softwareAgent"]["name"] == "Sketch 1"
    assert published["action"] == "c2pa.published"
    approval = said["org.greenroom.approval"]
    assert approval["reviewed_sha256"] == share.submission.rendition.sha256
    assert "Rita" not in str(said)
    assert said["cawg.training-mining"]["entries"]["cawg.ai_training"] == {"use": "notAllowed"}


def test_name_and_prompt_are_in_no_byte_of_a_file_unless_they_were_chosen(
    make_share: MakeShare,
) -> None:
    silent = public_bytes(make_share(credit_name="Ada Lovelace"))
    open_ = make_share(
        credit_name="Ada Lovelace",
        file_has_name=True,
        file_has_prompt=True,
        file_allows_training=True,
    )

    assert b"Ada Lovelace" not in silent
    assert b"A paper boat on a canal" not in silent
    assert b"Ada Lovelace" in public_bytes(open_)
    assert b"A paper boat on a canal" in public_bytes(open_)
    assert open_.submission.public_copy.says["allows_training"] is True


def test_what_an_artist_takes_away_follows_their_profile_and_holds_no_approval(
    share: Share, artist: Artist, tmp_path: Path
) -> None:
    work = share.submission.generation
    first = private_bytes(work)
    artist.file_has_name = True
    artist.save()

    again = private_bytes(Generation.objects.get(pk=work.pk))

    said = read(again, tmp_path, roots=roots_pem())
    assert (said["state"], "org.greenroom.approval" in said["assertions"]) == ("Trusted", False)
    assert b"Ada" not in first
    assert said["assertions"]["cawg.metadata"]["dc:creator"] == ["Ada"]
    assert work.signed_copies.filter(submission=None).count() == 1


def test_the_same_bytes_are_given_until_they_would_say_something_else(
    work: Generation, django_capture_on_commit_callbacks: Any
) -> None:
    first = private_copy(master_of(work))

    assert private_copy(master_of(work)).pk == first.pk

    work.video_model.source_type = SourceType.TRAINED
    work.video_model.save()
    with django_capture_on_commit_callbacks(execute=True):
        second = private_copy(master_of(Generation.objects.get(pk=work.pk)))
    assert second.says["source_type"] == "trainedAlgorithmicMedia"
    assert signed_files() == [second.file.name]


def test_every_byte_of_the_pictures_counts(share: Share, tmp_path: Path) -> None:
    content = public_bytes(share)
    begin = content.index(b"mdat") + 4
    end = begin - 8 + int.from_bytes(content[begin - 8 : begin - 4])

    for at in (begin, (begin + end) // 2, end - 1):
        changed = flipped(content, at)
        said = read(changed, tmp_path, roots=roots_pem())
        other = read_independently(changed, tmp_path, roots=roots_pem())
        assert (said["state"], said["failures"]) == ("Invalid", ["assertion.bmffHash.mismatch"])
        assert (other["validation_state"], other["hard_binding"]) == ("Invalid", "mismatch")


def test_a_file_put_together_from_ranges_holds(
    client: Client, share: Share, tmp_path: Path
) -> None:
    url = reverse("generations:share_file", args=[share.slug, "master"])
    size = share.submission.public_copy.size_bytes

    parts = [
        client.get(url, headers={"Range": f"bytes={start}-{start + 999}"}).getvalue()
        for start in range(0, size, 1000)
    ]

    content = b"".join(parts)
    assert read(content, tmp_path, roots=roots_pem())["state"] == "Trusted"
    assert content.index(b"moov") < content.index(b"mdat")  # still plays before it is all there


def test_a_key_beside_certificates_of_the_trade_signs(
    settings: Any, tmp_path: Path, work: Generation
) -> None:
    write_chain(tmp_path, settings, purpose=CLAIM_SIGNING)

    copy = private_copy(master_of(work))

    assert copy.signed_by == "CN=Clips of the studio,O=Studio"


def test_an_outside_signer_signs_without_the_key_being_here(
    settings: Any, tmp_path: Path, share: Share
) -> None:
    _, key = write_chain(tmp_path, settings)
    hidden = key.rename(tmp_path / "elsewhere.pem")
    (tmp_path / "signer.py").write_text(SIGNER)
    command = [sys.executable, str(tmp_path / "signer.py"), str(hidden)]
    settings.C2PA_KEY, settings.C2PA_SIGNER = "", shlex.join(command)

    content = private_bytes(share.submission.generation)

    assert read(content, tmp_path, roots=roots_pem())["state"] == "Trusted"
    assert read_independently(content, tmp_path, roots=roots_pem())["signature"] == "valid"


def test_an_outside_signer_is_told_no_setting_of_the_portal(
    settings: Any, tmp_path: Path, work: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_chain(tmp_path, settings)
    monkeypatch.setenv("GREENROOM_PROVIDER_SKETCH_KEY", "sk-secret")
    seen = tmp_path / "seen"
    script = f"cat > /dev/null; env > {seen}; exit 1"
    settings.C2PA_KEY, settings.C2PA_SIGNER = "", shlex.join(["sh", "-c", script])

    with pytest.raises(NotSigned):
        private_copy(master_of(work))

    assert "PATH=" in seen.read_text()
    assert "GREENROOM" not in seen.read_text()


Break = Callable[[], None]


@pytest.fixture
def approval(settings: Any, claimed: Submission, reviewer: Artist) -> Opinion:
    """What Rita said of a submission, which stands."""
    settings.UNDO_SECONDS = 0
    return deciding.decide(review=claimed.review, reviewer=reviewer, outcome="approve")


@pytest.fixture(
    params=["expired", "wrong key", "unreadable key", "signer away", "signer lies", "disk full"]
)
def broken(
    request: pytest.FixtureRequest,
    settings: Any,
    tmp_path: Path,
    claimed: Submission,
    approval: Opinion,
) -> Iterator[str]:
    """Something that stands in the way of signing."""
    _, key = write_chain(tmp_path, settings, lasts_days=400)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    match request.param:
        case "expired":
            write_chain(tmp_path, settings, begins_days=-50, lasts_days=49)
        case "wrong key":
            (tmp_path / "other").mkdir()
            _, other = write_chain(tmp_path / "other", settings)
            settings.C2PA_CHAIN, settings.C2PA_KEY = str(tmp_path / "studio.pem"), str(other)
        case "unreadable key":
            key.unlink()
        case "signer away":
            settings.C2PA_KEY, settings.C2PA_SIGNER = "", str(tmp_path / "no-such-program")
        case "signer lies":
            settings.C2PA_KEY, settings.C2PA_SIGNER = "", "head -c 96"
        case "disk full":
            size = claimed.rendition.size_bytes + 100  # the copy fits, its manifest does not
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    yield request.param
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_what_cannot_be_signed_is_not_approved_and_leaves_nothing(
    broken: str, claimed: Submission, approval: Opinion, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotSigned):
        enact(approval.pk)

    claimed.refresh_from_db()
    assert claimed.status == Submission.Status.WAITING
    assert not SignedCopy.objects.exists()
    assert not Share.objects.exists()
    assert signed_files() == []
    assert [one.levelname for one in caplog.records] == ["CRITICAL"]
    assert "PRIVATE" not in caplog.text


def test_what_was_not_signed_is_tried_again_and_its_reviewer_sees_that(
    client: Client, settings: Any, approval: Opinion, reviewer: Artist, tmp_path: Path
) -> None:
    before = settings.C2PA_CHAIN, settings.C2PA_KEY
    settings.C2PA_CHAIN, settings.C2PA_KEY = str(tmp_path / "gone.pem"), "none"
    with pytest.raises(NotSigned):
        enact(approval.pk)
    client.force_login(reviewer)

    page = client.get(approval.review.get_absolute_url()).content.decode()
    settings.C2PA_CHAIN, settings.C2PA_KEY = before
    decision = enact(approval.pk)

    assert "not public yet" in page
    assert decision is not None
    assert Share.objects.standing().exists()


def test_a_master_that_was_changed_on_the_disk_is_never_signed(
    claimed: Submission, reviewer: Artist
) -> None:
    """I1: what is signed as approved is what was reviewed."""
    change_on_disk(claimed.rendition)

    with pytest.raises(NotSigned):
        decide(submission=claimed, reviewer=reviewer, outcome=Decision.Outcome.APPROVE)

    assert signed_files() == []


def test_who_was_too_late_to_approve_leaves_no_file(claimed: Submission, reviewer: Artist) -> None:
    decide(submission=claimed, reviewer=reviewer, outcome=Decision.Outcome.APPROVE)
    [file] = signed_files()
    late = Submission.objects.get(pk=claimed.pk)

    with pytest.raises(Exception, match="already been decided"):
        decide(submission=late, reviewer=reviewer, outcome=Decision.Outcome.APPROVE)

    assert signed_files() == [file]


def test_a_removed_work_takes_its_signed_copies_along(share: Share) -> None:
    work = share.submission.generation
    private_copy(master_of(work))
    assert len(signed_files()) == 2

    tidying.delete_files(work)

    assert signed_files() == []
    assert not SignedCopy.objects.exists()


def test_a_signed_file_that_no_row_names_is_tidied_away(
    share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = signed_files()
    default_storage.save("signed/left-behind.mp4", share.submission.public_copy.file.open())
    monkeypatch.setattr(tidying, "OLD_SECONDS", -1)

    tidying.delete_unknown()

    assert signed_files() == named


def test_works_of_one_artist_are_signed_apart(make_work: MakeWork) -> None:
    one, two = make_work(), make_work(prompt="A lighthouse")

    assert private_bytes(one) != private_bytes(two)
    assert {copy.generation for copy in SignedCopy.objects.private()} == {one, two}


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_after_the_approval_stands_leaves_its_file(
    claimed: Submission, reviewer: Artist, client: Client
) -> None:
    """As when no broker takes the message that the decision sends."""

    def fail(**_: Any) -> None:
        def no_broker() -> None:
            raise ConnectionRefusedError("no broker")

        transaction.on_commit(no_broker)

    post_save.connect(fail, sender=Decision)
    try:
        with pytest.raises(ConnectionRefusedError):
            decide(submission=claimed, reviewer=reviewer, outcome=Decision.Outcome.APPROVE)
    finally:
        post_save.disconnect(fail, sender=Decision)

    share = Share.objects.standing().get()
    assert client.get(share.video_url).status_code == 200
