"""Schemathesis tries every operation of the description against the portal, and finds nothing.

It is told the ids of what Ada has as examples, so that each operation succeeds at least once.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from schemathesis import Case, CheckFunction
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from artists.access.services import create_token
from artists.models import Artist
from generations.appeals.refused import appeal_refused
from generations.checks.errors import PromptRefused
from generations.checks.writing import make_rule
from generations.ids import write_video_id
from generations.models import Archive, RefusedPrompt, VideoModel, WebhookEndpoint
from generations.models.webhook import EVENT_TYPES
from generations.prompts.services import submit_prompt
from generations.taking import making
from generations.taking.services import ask
from portal.openapi.describing import describe_api
from portal.throttling import WriteThrottle
from tests.artists.terms.texts import publish_versions
from tests.generations.appeals.fixtures import MakeAppeal, MakeRefusal
from tests.generations.checks.rows import wording
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, MakeWork

HEADERS: dict[str, str] = {}  # of the program, as the fixture sets them
# Of these not everything that is refused can be said in a schema: signs that are no text, a size or
# a second that the chosen model has not, bytes that are no picture, an address that leads nowhere.
SAID_IN_WORDS = {
    "createVideo",
    "remixVideo",
    "createSubmission",
    "amendSubmission",  # the signs that a credit has
    "updateShare",  # a moment that is yet to come
    "createWebhookEndpoint",
    "updateWebhookEndpoint",
    "testWebhookEndpoint",
}
NEVER_ANSWERED = {"testWebhookEndpoint": "nothing listens at any address of the test"}
succeeded: set[str] = set()  # the operations that were answered with what was asked for


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the connection that holds the test's transaction open, as Django's own client does."""
    bounds = (request_started, request_finished)
    for bound in bounds:
        bound.disconnect(close_old_connections)
    yield
    for bound in bounds:
        bound.connect(close_old_connections)


@pytest.fixture
def api(
    _one_connection: None,
    artist: Artist,
    make_work: MakeWork,
    make_submission: MakeSubmission,
    make_share: MakeShare,
    make_refusal: MakeRefusal,
    make_appeal: MakeAppeal,
    manager: Artist,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    settings: Settings,
) -> Iterator[BaseSchema]:
    """The description with the ids of what Ada has, over the portal's own WSGI application."""
    program, plaintext = create_token(artist, "a program")
    other, _ = create_token(artist, "another")
    waiting, share = make_submission(), make_share()
    refused_prompts = _refused_prompts(artist, share.submission.generation.video_model, manager)
    appeal_refused(refused_prompts[1], artist=artist, text="She lived long ago.")
    publish_versions(2)
    archive = ask(artist)
    making.make(archive.pk)
    Archive.objects.update(made_at=timezone.now() - timedelta(hours=1))
    endpoint = WebhookEndpoint.objects.create(
        artist=artist,
        token=program,
        name="hers",
        url="https://hooks.example/",
        event_types=list(EVENT_TYPES),
    )
    examples = {
        "video_id": write_video_id(share.submission.generation_id),
        "name": "sketch-1",
        "endpoint_id": f"we_{endpoint.pk.hex}",
        "token_id": other.pk,
        "kind": "privacy",
        "version": 1,
        "export_id": str(archive.pk),
        "submission_id": str(waiting.pk),
        "refused_id": str(refused_prompts[1]),
    }
    # Of what is asked once, or ends something, each operation has one of its own.
    of_operations = {
        "createAppeal": {"submission_id": str(make_refusal().pk)},
        "createPromptAppeal": {"refused_id": str(refused_prompts[0])},
    }
    shared = {"submission_id": str(share.submission_id)}
    appealed = {"submission_id": str(make_appeal().the_submission.pk)}
    of_operations |= dict.fromkeys(("retrieveShare", "updateShare", "withdrawShare"), shared)
    of_appeals = ("retrieveAppeal", "withdrawAppeal", "createAppealMessage")
    of_operations |= dict.fromkeys(of_appeals, appealed)
    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"api_writes": "1000000/min"})
    monkeypatch.setattr(socket, "getaddrinfo", _lead_here)
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    HEADERS["Authorization"] = f"Bearer {plaintext}"
    text = {"text": "It is my own face."}
    bodies = {
        "updateShare": {"allows_download": True, "password": "seven paper boats"},
        "createAppeal": text,
        "createAppealMessage": text,
        "createPromptAppeal": text,
        "createPromptAppealMessage": text,
        "createVideo": {"prompt": "A paper boat"},
        "createSubmission": {"video_id": write_video_id(make_work().pk), "title": "Boat"},
        "createWebhookEndpoint": {
            "name": "hers",
            "url": "https://hooks.example/two",
            "event_types": list(EVENT_TYPES),
        },
    }
    described = deepcopy(describe_api())
    for methods in described["paths"].values():
        for operation in methods.values():
            if body := bodies.get(operation["operationId"]):
                operation["requestBody"]["content"]["application/json"]["example"] = body
            own = examples | of_operations.get(operation["operationId"], {})
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["example"] = own[parameter["name"]]
    request.node._nodeid = request.node.nodeid  # Schemathesis 4.32 looks for it there
    schema = schemathesis.openapi.from_dict(described)
    portal = get_wsgi_application()
    schema.app = lambda environ, start: portal(environ | {"REMOTE_ADDR": "127.0.0.1"}, start)
    schema.config.generation.update(
        deterministic=True,
        allow_extra_parameters=False,  # in an address they are let pass: clients send their own
        with_security_parameters=False,  # HEADERS has the token
    )
    succeeded.clear()
    yield schema
    operations = {
        operation["operationId"]
        for methods in described["paths"].values()
        for operation in methods.values()
    }
    assert operations - succeeded == NEVER_ANSWERED.keys()


def _refused_prompts(artist: Artist, video_model: VideoModel, manager: Artist) -> list[UUID]:
    """Two prompts of Ada's that a rule refused."""
    make_rule(wording(), by=manager)
    for number in (1, 2):
        with suppress(PromptRefused):
            submit_prompt(
                artist=artist,
                video_model=video_model,
                prompt=f"A portrait of Ada Lovelace, {number}",
                size="1280x720",
                duration_seconds=4,
            )
    return list(RefusedPrompt.objects.order_by("pk").values_list("pk", flat=True))


def _lead_here(host: str, port: int, *hints: Any, **others: Any) -> list[tuple[Any, ...]]:
    """The name server, to which every name is this machine: nothing is sent anywhere else."""
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]


schema = schemathesis.pytest.from_fixture("api")
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "5"))


@schema.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_is_found(case: Case) -> None:
    with transaction.atomic():  # each request meets what the one before met
        operation_id = case.operation.definition.raw["operationId"]
        but: list[CheckFunction] = []
        if operation_id in SAID_IN_WORDS:
            but.append(positive_data_acceptance)
        answer = case.call_and_validate(headers=HEADERS, excluded_checks=but)
        transaction.set_rollback(True)
    if answer.status_code == HTTPStatus.OK:
        succeeded.add(operation_id)
