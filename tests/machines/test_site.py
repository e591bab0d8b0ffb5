"""The example of docs/running, started for real: what people and programs get through nginx."""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from tests.machines.site import HOST, Site, running_site

SHARE_AND_TOKEN = """
from artists.access.services import create_token
from artists.models import Artist
from generations.ids import read_video_id
from generations.models import Generation, Share
from tests.generations.reviews.acting import claim, decide
from generations.sharing.services import submit
work = Generation.objects.get(pk=read_video_id(sys.argv[1]))
reviewer = Artist.objects.exclude(pk=work.artist_id).filter(groups__name="reviewer").first()
submission = submit(generation=work, title="Light", note="", credit_name="V", show_prompt=True)
claimed = claim(submission=submission, reviewer=reviewer)
decide(submission=claimed, reviewer=reviewer, outcome="approve")
print(Share.objects.get(submission=submission).slug, create_token(work.artist, "ends")[1])
"""
END = """
import time
from artists.access.services import revoke
from artists.models import Token
from generations.models import Share
from generations.sharing.services import withdraw
token = Token.objects.get(name="ends")
share = Share.objects.get(slug=sys.argv[1])
withdraw(share, artist=token.artist)
print(time.time())
revoke(token, by=token.artist)
print(time.time())
"""
SENDERS = 70  # more than both webs have threads


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def video_id(site: Site) -> str:
    return site.make("A lighthouse behind nginx")


def test_a_clip_comes_through_nginx_in_ranges_and_to_its_artist_alone(
    site: Site, video_id: str
) -> None:
    """I7"""
    whole = site.artist.content(video_id)
    part = site.artist.content(video_id, {"Range": "bytes=100-199"})
    past = site.artist.content(video_id, {"Range": f"bytes={len(whole.content)}-"})
    several = site.artist.content(video_id, {"Range": "bytes=0-1,5-6"})
    head = site.artist.content(video_id, method="HEAD")

    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert past.status_code == 416
    assert (several.status_code, several.content) == (200, whole.content)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))
    assert site.stranger.content(video_id).status_code == 404
    assert site.client().get(f"/v1/videos/{video_id}/content").status_code == 401


def test_a_clip_that_one_has_is_not_sent_again_and_a_range_of_another_not_mixed_in(
    site: Site, video_id: str
) -> None:
    etag = site.artist.content(video_id, method="HEAD").headers["etag"]

    known = site.artist.content(video_id, {"If-None-Match": etag})
    same = site.artist.content(video_id, {"Range": "bytes=0-9", "If-Range": etag})
    other = site.artist.content(video_id, {"Range": "bytes=0-9", "If-Range": '"another"'})

    assert len(etag.strip('"')) == 64  # the hash, not nginx's own
    assert (known.status_code, known.content) == (304, b"")
    assert [same.status_code, other.status_code] == [206, 200]


def test_it_is_nginx_that_reads_the_file_and_nobody_else_may_ask_it_to(
    site: Site, video_id: str
) -> None:
    """I1: the internal address is a secret neither kept nor needed."""
    web = httpx.Client(base_url=f"http://127.0.0.1:{site.ports['8001']}")
    headers = {"Host": HOST, "X-Forwarded-Proto": "https"}
    headers["Authorization"] = site.artist.http.headers["Authorization"]

    behind = web.get(f"/v1/videos/{video_id}/content", headers=headers)
    address = behind.headers["x-accel-redirect"]
    before = site.artist.content(video_id)

    assert address.startswith("/private/signed/")
    assert behind.content == b""
    assert "x-accel-redirect" not in before.headers
    assert site.client().get(address).status_code == 404
    assert site.artist.http.get(address).status_code == 404
    assert site.client().get("/private/../private/signed/").status_code == 404
    of_one_answer = {"allow", "connection", "content-length", "date", "server", "x-request-id"}
    kept = behind.headers.keys() - of_one_answer - {"x-accel-redirect"}
    assert parts(before, kept) == parts(behind, kept)
    assert before.headers["accept-ranges"] == "bytes"
    assert "max-age" in before.headers["strict-transport-security"]


def parts(answer: httpx.Response, names: Iterable[str]) -> dict[str, set[str]]:
    """The parts of each header: a policy's stand in another order in each process."""
    return {name: set(answer.headers.get(name, "").split("; ")) for name in names}


def test_what_is_revoked_or_withdrawn_ends_within_a_second(site: Site, video_id: str) -> None:
    """I1, I8: nginx sends nothing that Greenroom would not give leave for now."""
    slug, token = site.python(SHARE_AND_TOKEN, video_id).split()
    addresses = {
        f"/s/{slug}/master/": {},
        f"/v1/videos/{video_id}/content": {"Authorization": f"Bearer {token}"},
    }
    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask, site, *one) for one in addresses.items()]
        ended = [float(moment) for moment in site.python(END, slug).split()]
    answers = [one.result() for one in asking]

    assert [given > 0 for given, _, _ in answers] == [True, True]
    assert [status for _, _, status in answers] == [410, 401]
    assert [last < end + 1 for (_, last, _), end in zip(answers, ended, strict=True)] == [True] * 2


def ask(site: Site, address: str, headers: dict[str, str]) -> tuple[int, float, int]:
    """Ask for a file until it is refused.

    Return how often it was given, when the last request was sent that it was given for, and the
    status of the refusal.
    """
    given, last = 0, 0.0
    with site.client() as http:
        while given < 100_000:
            sent = time.time()
            answer = http.get(address, headers=headers)
            if not answer.is_success:
                return given, last, answer.status_code
            given, last = given + 1, sent
    raise AssertionError("it never ended")


def test_what_a_client_says_of_itself_is_written_over(site: Site) -> None:
    """Neither who one is, nor how one came, is taken from the request."""
    http = site.client()
    login = http.get("/accounts/login/", headers={"X-Forwarded-Proto": "http"})
    csrf = {"csrfmiddlewaretoken": http.cookies["csrftoken"], "password": "wrong"}
    headers = {"Origin": f"https://{HOST}", "Referer": f"https://{HOST}/accounts/login/"}

    tries = [
        http.post(
            "/accounts/login/",
            data=csrf | {"login": f"nobody-{number}@example.org"},
            headers=headers | {"X-Forwarded-For": f"203.0.113.{number}"},
        )
        for number in range(12)
    ]

    assert login.status_code == 200
    assert tries[0].status_code == 200
    assert "Too many failed login attempts" in tries[-1].text


def test_http_is_sent_on_to_the_one_name_of_the_site(site: Site) -> None:
    sent_on = httpx.get(f"http://127.0.0.1:{site.ports['http']}/home/?a=b", headers={"Host": "x"})

    assert (sent_on.status_code, sent_on.headers["location"]) == (
        301,
        f"https://{HOST}/home/?a=b",
    )


def test_a_body_that_is_too_large_ends_at_nginx(site: Site) -> None:
    answer = site.client().post("/v1/videos", content=b"x" * 23_000_000)

    assert (answer.status_code, answer.headers["server"]) == (413, "nginx")


def test_those_who_send_slowly_keep_nobody_waiting(site: Site) -> None:
    start = f"POST /v1/videos HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nslow"
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with ExitStack() as slow:
        for _ in range(SENDERS):
            raw = socket.create_connection(("127.0.0.1", site.ports["https"]), timeout=10)
            sender = slow.enter_context(context.wrap_socket(raw, server_hostname=HOST))
            sender.sendall(start.encode())

        began = time.monotonic()
        answer = site.client().get("/accounts/login/")

    assert answer.status_code == 200
    assert time.monotonic() - began < 10


def test_readiness_is_for_those_who_look_after_the_site(site: Site) -> None:
    here = site.client()
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2", verify=False)
    site.wait_until(lambda: here.get("/readyz").status_code == 200)

    assert set(here.get("/readyz").json().values()) == {"ok"}
    assert site.client(transport=elsewhere).get("/readyz").status_code == 403


def test_a_web_and_a_machine_of_workers_that_die_take_nothing_with_them(site: Site) -> None:
    """I3, I5, I6: the other web answers, the other workers go on, and two schedules pay once."""
    prompt = "A windmill after the storm"
    site.example.kill(site.webs[0], *site.machines[0])

    assert [site.client().get("/accounts/login/").status_code for _ in range(6)] == [200] * 6
    site.make(prompt)

    assert site.jobs(prompt) == 1
    site.manage("ledger", "check")
