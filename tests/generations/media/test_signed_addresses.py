"""Files in a bucket that browsers fetch there, at addresses that hold for a short time."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.test import Client, RequestFactory
from django.urls import reverse

from artists.access.services import create_token
from artists.models import Artist
from generations.ids import write_video_id
from generations.media.delivery import serve
from generations.models import Generation, Rendition, Share, SignedCopy
from generations.sharing.services import withdraw
from tests.generations.sharing.fixtures import change_on_disk, public_bytes, stored_bytes
from tests.services.s3 import Files

SECONDS = 7
KEYS = Credentials("tests", "secret-of-the-tests")


@pytest.fixture(autouse=True)
def signed(settings: Any, files: Files) -> None:
    settings.DELIVERY, settings.SIGNED_SECONDS = "signed", SECONDS


def address_of(work: Generation, kind: str = "master") -> str:
    return reverse("generations:file", args=[work.pk, kind])


def is_accepted(address: str, *, at: datetime) -> bool:
    """Judge a signed address by the rule that S3 publishes; moto judges none.

    The signature covers all of the address, its date and its seconds too.
    """
    query = parse_qs(urlsplit(address).query)
    begins = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if at > begins + timedelta(seconds=int(query["X-Amz-Expires"][0])):
        return False
    signature = query["X-Amz-Signature"][0]
    bare = [(k, v) for k, v in parse_qsl(urlsplit(address).query) if not k.startswith("X-Amz-")]
    request = AWSRequest("GET", f"{address.partition('?')[0]}?{urlencode(bare)}")
    request.context["timestamp"] = query["X-Amz-Date"][0]
    auth = S3SigV4QueryAuth(KEYS, "s3", "us-east-1", expires=int(query["X-Amz-Expires"][0]))
    auth._modify_request_before_signing(request)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return bool(auth.signature(text, request) == signature)


def test_an_artist_is_sent_to_an_address_of_the_bucket_that_ends_soon(
    client: Client, artist: Artist, work: Generation
) -> None:
    client.force_login(artist)
    before = datetime.now(UTC)

    sent = client.get(address_of(work))

    address = sent["Location"]
    assert (sent.status_code, sent["Cache-Control"]) == (302, "no-store")
    assert is_accepted(address, at=before)
    assert not is_accepted(address, at=datetime.now(UTC) + timedelta(seconds=SECONDS + 1))
    for longer in ("X-Amz-Expires=3600", "X-Amz-Expires=70"):
        assert not is_accepted(address.replace(f"X-Amz-Expires={SECONDS}", longer), at=before)
    other = str(work.renditions.get(kind="poster").file.name).rpartition("/")[2]
    assert not is_accepted(address.replace("master.mp4", other), at=before)


def test_the_bucket_gives_the_bytes_a_range_and_the_headers_of_the_portal(
    client: Client, artist: Artist, work: Generation
) -> None:
    client.force_login(artist)
    content = stored_bytes(work, "master")

    whole = httpx.get(client.get(address_of(work))["Location"])
    part = httpx.get(client.get(address_of(work))["Location"], headers={"Range": "bytes=10-19"})
    taken = httpx.get(client.get(reverse("generations:download", args=[work.pk]))["Location"])

    assert (whole.content, part.content) == (content, content[10:20])
    assert (part.status_code, part.headers["content-range"]) == (206, "bytes 10-19/4000")
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["content-disposition"] == "inline"
    assert whole.headers["cache-control"] == "private, no-cache"
    assert whole.headers["etag"]
    assert taken.headers["content-disposition"].startswith(
        'attachment; filename="greenroom-a-paper-boat'
    )


def test_nobody_else_is_sent_there(client: Client, other_artist: Artist, work: Generation) -> None:
    """I7"""
    assert client.get(address_of(work)).status_code == 404
    client.force_login(other_artist)
    assert client.get(address_of(work)).status_code == 404


def test_a_share_sends_to_the_approved_bytes_and_to_no_others(client: Client, share: Share) -> None:
    """I1: they are read before each address is signed."""
    sent = client.get(share.video_url)
    assert httpx.get(sent["Location"]).content == public_bytes(share)

    change_on_disk(share.submission.public_copy)

    assert client.get(share.video_url).status_code == 404


def test_after_a_withdrawal_no_address_is_given_and_the_last_one_ends_in_its_time(
    client: Client, artist: Artist, share: Share
) -> None:
    """I1, within the lifetime that the settings state."""
    last = client.get(share.video_url)["Location"]

    withdraw(share, artist=artist)
    withdrawn = datetime.now(UTC)

    assert client.get(share.video_url).status_code == 410
    assert not is_accepted(last, at=withdrawn + timedelta(seconds=SECONDS))


def test_a_program_gets_the_bytes_here_so_that_its_token_goes_nowhere_else(
    client: Client, artist: Artist, work: Generation
) -> None:
    """I11"""
    headers = {"Authorization": f"Bearer {create_token(artist, 'laptop')[1]}"}

    answer = client.get(f"/v1/videos/{write_video_id(work.pk)}/content", headers=headers)

    signed_copy = SignedCopy.objects.private().get(generation=work)
    digest = hashlib.sha256(answer.getvalue()).hexdigest()
    assert (answer.status_code, digest) == (200, signed_copy.sha256)


def test_what_asks_without_wanting_the_bytes_is_answered_here(work: Generation) -> None:
    master = work.renditions.get(kind=Rendition.Kind.MASTER)
    known = {"If-None-Match": f'"{master.sha256}"'}

    head = serve(RequestFactory().head("/"), master)
    same = serve(RequestFactory().get("/", headers=known), master)

    assert (head.status_code, head["Content-Length"]) == (200, "4000")
    assert same.status_code == 304
