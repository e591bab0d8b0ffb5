"""The official client library makes, tests, turns and removes webhook endpoints, and reads what
they hear."""

from collections.abc import Callable, Iterator

import openai
import pytest
from pytest_django.live_server_helper import LiveServer

from artists.access.services import create_token
from artists.models import Artist
from generations.ids import write_video_id
from generations.models import Generation, VideoModel, WebhookEndpoint
from generations.models.webhook import EVENT_TYPES
from generations.providers.base import FailureKind
from generations.rendering.ending import fail
from generations.webhooks.delivering import send_due
from tests.emulators.receiver import Receiver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),
]

Client = openai.OpenAI


def client_of(artist: Artist, live_server: LiveServer) -> Client:
    """The library with its strictest reading of an answer, and without its own retries."""
    _, plaintext = create_token(artist, "openai")
    return openai.OpenAI(
        api_key=plaintext,
        base_url=f"{live_server.url}/v1",
        max_retries=0,
        _strict_response_validation=True,
    )


@pytest.fixture
def client(live_server: LiveServer, artist: Artist, video_model: VideoModel) -> Iterator[Client]:
    with client_of(artist, live_server) as client:
        yield client


def test_an_endpoint_is_made_listed_changed_and_removed(
    client: Client, reachable: Receiver
) -> None:
    made = client.webhooks.create(
        name="notebook", url=reachable.url(), event_types=["video.completed", "video.failed"]
    )
    assert made.signing_secret.startswith("whsec_")
    assert made.signing_secret_hint == f"…{made.signing_secret[-4:]}"

    found = client.webhooks.retrieve(made.id)
    assert (found.name, found.url, found.event_types) == (made.name, made.url, made.event_types)
    assert "signing_secret" not in found.to_dict()
    assert [one.id for one in client.webhooks.list()] == [made.id]

    changed = client.webhooks.update(made.id, name="studio", event_types=["video.failed"])
    assert (changed.name, changed.url, changed.event_types) == (
        "studio",
        made.url,
        ["video.failed"],
    )
    assert client.webhooks.delete(made.id).deleted is True
    with pytest.raises(openai.NotFoundError):
        client.webhooks.retrieve(made.id)
    assert client.webhooks.event_types.list().data == list(EVENT_TYPES)


def test_a_loop_over_the_list_ends(client: Client, artist: Artist) -> None:
    made = [
        WebhookEndpoint.objects.create(artist=artist, name=str(number), url="https://a.example/")
        for number in range(5)
    ]

    found = [one.id for one in client.webhooks.list(limit=2)]

    assert found == sorted(f"we_{one.pk.hex}" for one in made)


def test_the_library_believes_what_we_sign_and_nothing_else(
    client: Client,
    reachable: Receiver,
    make_generation: Callable[..., Generation],
) -> None:
    made = client.webhooks.create(
        name="notebook", url=reachable.url(), event_types=["video.failed"]
    )
    generation = make_generation()
    fail(generation.pk, kind=FailureKind.TIMEOUT)
    send_due()
    (heard,) = reachable.heard

    event = client.webhooks.unwrap(heard.content, heard.headers, secret=made.signing_secret)

    assert event.type == "video.failed"
    assert event.data.id == write_video_id(generation.pk)
    assert client.videos.retrieve(event.data.id).status == "failed"
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(heard.content + b" ", heard.headers, secret=made.signing_secret)


def test_a_new_secret_signs_beside_the_old_one_or_alone(
    client: Client, reachable: Receiver
) -> None:
    def is_believed(secret: str) -> bool:
        client.webhooks.test(made.id, event_type="video.completed")
        heard = reachable.heard[-1]
        try:
            client.webhooks.verify_signature(heard.content, heard.headers, secret=secret)
        except openai.InvalidWebhookSignatureError:
            return False
        return True

    made = client.webhooks.create(
        name="notebook", url=reachable.url(), event_types=["video.completed"]
    )
    first = made.signing_secret
    second = client.webhooks.rotate_secret(
        made.id, keep_old_secret_active_for_24_hours=True
    ).signing_secret
    assert first != second
    assert is_believed(first)
    assert is_believed(second)

    third = client.webhooks.rotate_secret(made.id).signing_secret

    assert is_believed(third)
    assert not is_believed(second)
    assert not is_believed(first)


def test_a_test_says_what_the_address_answered(client: Client, reachable: Receiver) -> None:
    made = client.webhooks.create(
        name="notebook", url=reachable.url(), event_types=["video.completed"]
    )
    reachable.answers(418)

    result = client.webhooks.test(made.id, event_type="video.failed")

    assert (result.status_code, result.event_type) == (418, "video.failed")
    assert result.webhook_endpoint_id == made.id
    assert send_due() == []
    assert len(reachable.heard) == 1  # once, whatever came of it


def test_each_refusal_is_the_exception_that_programs_catch(
    client: Client, reachable: Receiver, artist: Artist
) -> None:
    def refused(kind: type[openai.APIStatusError], call: Callable[[], object]) -> str | None:
        with pytest.raises(kind) as caught:
            call()
        return caught.value.code

    webhooks, types = client.webhooks, list(EVENT_TYPES)

    def create(url: str = reachable.url(), events: list[str] = types) -> object:
        return webhooks.create(name="x", url=url, event_types=events)  # type: ignore[arg-type]

    assert refused(openai.BadRequestError, lambda: create("https://10.0.0.1/")) == "bad_address"
    assert refused(openai.BadRequestError, lambda: create("http://x.example/")) == "bad_address"
    assert refused(openai.BadRequestError, lambda: create(events=["batch.failed"])) == (
        "invalid_choice"
    )
    assert refused(openai.BadRequestError, lambda: create(events=[])) == "empty"
    assert refused(openai.NotFoundError, lambda: webhooks.test("we_1", event_type="video.failed"))
    gone = WebhookEndpoint.objects.create(
        artist=artist, name="gone", url=f"https://{reachable.name}:1/", event_types=types
    )
    assert (
        refused(
            openai.UnprocessableEntityError,
            lambda: webhooks.test(f"we_{gone.pk.hex}", event_type="video.failed"),
        )
        == "webhook_not_answered"
    )
    for _ in range(4):
        create()
    assert refused(openai.ConflictError, create) == "too_many_endpoints"


@pytest.mark.parametrize("call", ["retrieve", "delete", "rotate_secret", "update", "test"])
def test_another_artists_endpoint_is_as_unknown_as_one_that_never_was(
    live_server: LiveServer, endpoint: WebhookEndpoint, other_artist: Artist, call: str
) -> None:
    """I7."""
    arguments = {"test": {"event_type": "video.failed"}, "update": {"name": "mine now"}}
    with client_of(other_artist, live_server) as stranger:
        assert list(stranger.webhooks.list()) == []
        messages = set()
        for endpoint_id in (f"we_{endpoint.pk.hex}", f"we_{'0' * 32}"):
            with pytest.raises(openai.NotFoundError) as caught:
                getattr(stranger.webhooks, call)(endpoint_id, **arguments.get(call, {}))
            messages.add(caught.value.message)

    assert len(messages) == 1
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.secret_version) == ("notebook", 1)
