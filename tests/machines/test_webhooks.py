"""A whole portal tells an artist's server how a video ended, without anybody's asking."""

from pathlib import Path

from standardwebhooks.webhooks import Webhook

from tests.emulators.receiver import receiving
from tests.machines.programme import Api, tokens
from tests.services.portal import Portal

HERE = "127.0.0.0/8,::1/128"


def test_the_end_of_a_video_is_heard_behind_tls(tmp_path: Path) -> None:
    """The schedule nudges, a worker sends, and what went amiss at first comes a little later."""
    with receiving(tmp_path, name="localhost") as receiver:
        settings = {
            "GREENROOM_WEBHOOK_PORTS": str(receiver.port),
            "GREENROOM_WEBHOOK_NETWORKS": HERE,
            "SSL_CERT_FILE": str(receiver.certificate),
        }
        portal = Portal(tmp_path / "home", settings)
        try:
            portal.start()
            api = Api(portal.url, tokens(portal.environment)[0])
            endpoint = {"name": "here", "url": receiver.url(), "event_types": ["video.completed"]}
            answer = api.http.post("/v1/webhook_endpoints", json=endpoint)
            answer.raise_for_status()
            receiver.answers(500)
            video_id = api.create("A paper boat that somebody waits for")

            portal.wait_until(lambda: len(receiver.heard) > 0)
            receiver.answers(200)
            portal.wait_until(lambda: len(receiver.heard) > 1)
        finally:
            portal.stop()

    first, second = receiver.heard[:2]
    event = Webhook(answer.json()["signing_secret"]).verify(second.content, dict(second.headers))
    assert (event["type"], event["data"]) == ("video.completed", {"id": video_id})
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == event["id"]
