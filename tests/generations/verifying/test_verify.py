"""What anybody learns of a file: whether it is ours and whole, and which public clip it shows."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.media.credentials.copies import private_copy
from generations.media.credentials.identity import current_identity
from generations.media.inspection import knowing
from generations.models import Share, SignedCopy
from generations.sharing.services import withdraw
from generations.tasks import know_copies
from generations.verifying import services
from generations.verifying.services import Finding, Verdict, check
from tests.generations.media.credentials.chains import write_chain
from tests.generations.sharing.fixtures import MakeShare, MakeWork, public_bytes
from tests.generations.verifying.looks import (
    beside,
    coded_anew,
    put_clip,
    without_credentials,
    write_look,
)

SEED = 1


@pytest.fixture(scope="session")
def look(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_look(tmp_path_factory.mktemp("looks") / "look.mp4", SEED)


@pytest.fixture
def shown(look: Path, make_work: MakeWork, make_share: MakeShare) -> Share:
    """A public clip that is known by its looks."""
    work = make_work()
    put_clip(work, look)
    share = make_share(work, title="A drift", credit_name="Ada L.")
    [copy_id] = knowing.unknown()
    knowing.get_to_know(copy_id)
    return share


@pytest.fixture
def public(shown: Share, tmp_path: Path) -> Path:
    """The file that the public takes from the page."""
    path = tmp_path / "public.mp4"
    path.write_bytes(public_bytes(shown))
    return path


def found(verdict: Verdict) -> tuple[Finding, str | None]:
    shown = verdict.copy and verdict.copy.submission
    return verdict.finding, shown.title if shown else None


Post = Callable[..., HttpResponse]


@pytest.fixture
def post(client: Client) -> Post:
    """Send a file to the page as a browser does."""

    def send(content: bytes, **headers: str) -> HttpResponse:
        file = BytesIO(content)
        file.name = "clip.mp4"
        return client.post(reverse("generations:verify"), {"file": file}, headers=headers)  # type: ignore[return-value]

    return send


def test_the_public_file_is_intact(public: Path) -> None:
    assert found(check(public)) == (Finding.INTACT, "A drift")


def test_one_byte_of_it_is_told(public: Path) -> None:
    content = bytearray(public.read_bytes())
    content[content.index(b"mdat") + 5000] ^= 1
    public.write_bytes(content)

    assert check(public).finding == Finding.CHANGED


def test_a_copy_that_lost_its_credentials_is_known_by_its_coded_pictures(
    public: Path, look: Path, tmp_path: Path
) -> None:
    stripped = without_credentials(public, tmp_path / "stripped.mp4")

    assert found(check(stripped)) == (Finding.SAME, "A drift")
    assert found(check(look)) == (Finding.SAME, "A drift")


def test_a_file_that_shows_one_clip_and_hides_a_public_one_is_not_taken_for_that(
    public: Path, tmp_path: Path
) -> None:
    fake = write_look(tmp_path / "fake.mp4", 3)

    assert found(check(beside(public, fake, tmp_path / "two.mp4"))) == (Finding.UNREADABLE, None)


@pytest.mark.parametrize(("crop", "scale"), [(0.0, 0.35), (0.05, 0.6), (0.1, 1.0)])
def test_a_copy_coded_anew_scaled_or_cropped_is_alike(
    crop: float, scale: float, public: Path, tmp_path: Path
) -> None:
    other = coded_anew(public, tmp_path / "other.mp4", crop=crop, scale=scale)

    assert found(check(other)) == (Finding.ALIKE, "A drift")


def test_another_clip_is_unknown(shown: Share, tmp_path: Path) -> None:
    assert found(check(write_look(tmp_path / "other.mp4", 2))) == (Finding.UNKNOWN, None)


def test_a_private_work_matches_for_nobody(
    shown: Share, make_work: MakeWork, tmp_path: Path
) -> None:
    """I1: of what an artist took away it is told that it is signed, which the file says itself."""
    look = write_look(tmp_path / "private.mp4", 9)
    copy = private_copy(put_clip(make_work(prompt="Nobody's business"), look))
    signed = Path(copy.file.path)

    assert found(check(signed)) == (Finding.INTACT, None)
    assert found(check(look)) == (Finding.UNKNOWN, None)
    assert copy.pk not in knowing.unknown()


def test_a_clip_that_is_public_no_more_matches_no_more(
    shown: Share, public: Path, look: Path, artist: Artist
) -> None:
    """I1"""
    withdraw(shown, artist=artist)

    assert found(check(public)) == (Finding.INTACT, None)
    assert found(check(look)) == (Finding.UNKNOWN, None)


def test_credentials_of_somebody_else_are_called_that(
    look: Path, make_work: MakeWork, settings: Any, tmp_path: Path
) -> None:
    write_chain(tmp_path, settings)
    theirs = Path(private_copy(put_clip(make_work(), look)).file.path)
    settings.C2PA_CHAIN = settings.C2PA_KEY = ""

    verdict = check(theirs)

    assert found(verdict) == (Finding.UNKNOWN, None)
    assert verdict.foreign is not None
    assert verdict.foreign.signer == "Clips of the studio"


def test_others_whom_the_same_authority_certifies_are_not_us(
    look: Path, make_work: MakeWork, settings: Any, tmp_path: Path
) -> None:
    chain, _ = write_chain(tmp_path, settings, holder="Another studio")
    theirs = Path(private_copy(put_clip(make_work(), look)).file.path)
    root = tmp_path / "root.pem"
    root.write_text(current_identity().root_pem)
    settings.C2PA_CHAIN = settings.C2PA_KEY = ""
    settings.C2PA_OLD_ROOTS = str(root)

    verdict = check(theirs)

    assert found(verdict) == (Finding.UNKNOWN, None)
    assert verdict.foreign is not None
    assert verdict.foreign.signer == "Clips of the studio"

    settings.C2PA_OLD_ROOTS = str(chain)  # unless they are who we were before
    assert check(theirs).finding == Finding.INTACT


def test_credentials_that_are_damaged_are_called_that(public: Path, post: Post) -> None:
    content = public.read_bytes()
    damaged = content.replace(b"jumb", b"junk")
    assert damaged != content

    words = post(damaged).content.decode()

    assert "credentials that cannot be read" in words
    assert "A drift" in words


@pytest.mark.parametrize(
    "content", [b"", bytes(9000), b"no video", b"\0\0\0\x18ftypmp42" + b"\xff" * 5000]
)
def test_what_is_no_video_is_called_that(content: bytes, db: None, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)

    assert check(path) == Verdict(Finding.UNREADABLE)


def test_to_compare_takes_as_many_queries_whatever_is_public(
    shown: Share, look: Path, make_share: MakeShare, django_assert_num_queries: Any, tmp_path: Path
) -> None:
    for _ in range(3):
        make_share()
    other = write_look(tmp_path / "other.mp4", 2)

    with django_assert_num_queries(2):  # the exact one, and those that look alike
        check(other)


def test_anybody_sends_a_file_and_sees_what_is_public_and_no_more(
    post: Post, shown: Share, public: Path
) -> None:
    kept = set(default_storage.walk(""))  # type: ignore[attr-defined]

    answer = post(public.read_bytes())

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "and unchanged" in words
    assert shown.get_absolute_url() in words
    assert "A drift" in words
    assert "Ada L." in words
    assert "ada@example.org" not in words
    assert answer["Cache-Control"] == "no-store"
    assert set(default_storage.walk("")) == kept  # type: ignore[attr-defined]
    assert list(portal_settings.SCRATCH.iterdir()) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(post: Post, settings: Any) -> None:
    settings.VERIFY_MAX_BYTES = 1000

    assert post(bytes(20_000)).status_code == 413


def test_who_sends_many_files_waits(post: Post, db: None) -> None:
    answers = [post(b"").status_code for _ in range(11)]

    assert answers == [400] * 10 + [429]


def test_who_has_a_network_of_ipv6_is_one_sender(client: Client, db: None) -> None:
    def send(number: int) -> int:
        address = f"2001:db8:1:2::{number:x}"
        return client.post(reverse("generations:verify"), REMOTE_ADDR=address).status_code

    assert [send(number) for number in range(11)] == [400] * 10 + [429]


def test_few_files_are_looked_at_together(
    post: Post, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "TURN_SECONDS", 0.05)
    with services.one_of_few(), services.one_of_few():
        assert post(b"no video").status_code == 503

    assert post(b"no video").status_code == 200


def test_a_larger_file_than_other_forms_take_is_looked_at(post: Post, db: None) -> None:
    assert "No video that we can read" in post(bytes(2_000_000)).content.decode()


@pytest.mark.parametrize("form", ["{url}", "{path}", "{slug}", "{url}?from=mail"])
def test_the_address_of_a_public_page_is_checked(form: str, client: Client, share: Share) -> None:
    path = share.get_absolute_url()
    asked = form.format(url=f"http://localhost:8000{path}", path=path, slug=share.slug)

    answer = client.get(reverse("generations:verify"), {"address": asked})

    assert "is the one that was approved" in answer.content.decode()


def test_the_address_of_no_public_page_is_told(
    client: Client, share: Share, artist: Artist
) -> None:
    withdraw(share, artist=artist)

    for asked in (share.slug, "/s/nosuchpage/", "https://elsewhere.example/"):
        words = client.get(reverse("generations:verify"), {"address": asked}).content.decode()
        assert "is the one that was approved" not in words
        assert share.submission.title not in words


def test_the_root_certificate_is_given_without_any_key(client: Client) -> None:
    answer = client.get(reverse("generations:root_certificate"))

    assert answer.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"KEY" not in answer.content
    assert answer["Content-Disposition"] == 'attachment; filename="root.pem"'


def test_certificates_that_do_not_fit_are_no_crash(client: Client, settings: Any) -> None:
    settings.C2PA_CHAIN, settings.C2PA_KEY = "/gone.pem", "/gone-key.pem"

    answer = client.get(reverse("generations:root_certificate"))

    assert answer.status_code == 503
    assert b"gone.pem" not in answer.content


def test_a_public_clip_is_got_to_know_once(shown: Share) -> None:
    copy = SignedCopy.objects.get(submission=shown.submission)

    assert knowing.unknown() == []
    assert len(copy.video_sha256) == 64
    knowing.get_to_know(copy.pk)
    assert bytes(SignedCopy.objects.get().prints or b"") == bytes(copy.prints or b"")


def test_a_plain_clip_is_known_by_its_bytes_alone(share: Share, tmp_path: Path) -> None:
    knowing.get_to_know(share.submission.public_copy.pk)

    copy = SignedCopy.objects.get()
    path = tmp_path / "plain.mp4"
    path.write_bytes(public_bytes(share))
    assert check(path).copy == copy


def test_turns_are_given_back(db: None, tmp_path: Path) -> None:
    for _ in range(services.AT_ONCE + 1):
        with pytest.raises(FileNotFoundError), services.one_of_few():
            check(tmp_path / "gone.mp4")


def test_the_schedule_gets_to_know_what_no_message_told_of(
    share: Share, tasks_run_at_once: None
) -> None:
    """I6"""
    know_copies()

    assert SignedCopy.objects.get().prints is not None
