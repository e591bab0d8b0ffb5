"""The API's own description is true to its answers, and to the contract that clients know."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from artists.models.token import Scope
from generations.models import Generation
from generations.models.generation import Status
from generations.prompts.serializers import ERROR_CODES
from tests.generations.api.conftest import VIDEOS
from tests.generations.api.test_videos import url_of

Description = dict[str, Any]

# What the OpenAI Videos API promises of a Video, field by field, in our own words: the JSON types
# of each of its keys, all of them required. `size` and `seconds` are lists of one vendor's models
# there, and open here.
VIDEO = {
    "id": {"string"},
    "object": {"string"},
    "model": {"string"},
    "status": {"string"},
    "progress": {"integer"},
    "created_at": {"integer"},
    "completed_at": {"integer", "null"},
    "expires_at": {"integer", "null"},
    "prompt": {"string", "null"},
    "size": {"string"},
    "seconds": {"string"},
    "remixed_from_video_id": {"string", "null"},
    "error": {"object", "null"},
}
VIDEO_LIST = {
    "object": {"string"},
    "data": {"array"},
    "first_id": {"string", "null"},
    "last_id": {"string", "null"},
    "has_more": {"boolean"},
}
DELETED_VIDEO = {"id": {"string"}, "object": {"string"}, "deleted": {"boolean"}}
ERROR = {"code": {"string"}, "message": {"string"}}
STATUSES = {"queued", "in_progress", "completed", "failed"}
CREATE = {"prompt", "model", "seconds", "size", "input_reference"}
LIST = {"limit", "order", "after"}
OPERATIONS = {
    ("/v1/videos", "post"),
    ("/v1/videos", "get"),
    ("/v1/videos/{video_id}", "get"),
    ("/v1/videos/{video_id}", "delete"),
    ("/v1/videos/{video_id}/content", "get"),
    ("/v1/videos/{video_id}/remix", "post"),
    ("/v1/models", "get"),
    ("/v1/models/{name}", "get"),
    ("/v1/quota", "get"),
    ("/v1/webhook_endpoints", "get"),
    ("/v1/webhook_endpoints", "post"),
    ("/v1/webhook_endpoints/{endpoint_id}", "get"),
    ("/v1/webhook_endpoints/{endpoint_id}", "post"),
    ("/v1/webhook_endpoints/{endpoint_id}", "delete"),
    ("/v1/webhook_endpoints/{endpoint_id}/rotate_secret", "post"),
    ("/v1/webhook_endpoints/{endpoint_id}/test", "post"),
    ("/v1/webhook_event_types", "get"),
    ("/api/me", "get"),
    ("/api/quota", "get"),
    ("/api/tokens", "get"),
    ("/api/tokens/{token_id}", "get"),
    ("/api/tokens/{token_id}", "delete"),
    ("/api/terms", "get"),
    ("/api/terms/{kind}/{version}", "get"),
    ("/api/exports", "get"),
    ("/api/exports", "post"),
    ("/api/exports/{export_id}", "get"),
    ("/api/exports/{export_id}/content", "get"),
    ("/api/submissions", "get"),
    ("/api/submissions", "post"),
    ("/api/submissions/{submission_id}", "get"),
    ("/api/submissions/{submission_id}", "patch"),
    ("/api/submissions/{submission_id}", "delete"),
    ("/api/submissions/{submission_id}/share", "get"),
    ("/api/submissions/{submission_id}/share", "patch"),
    ("/api/submissions/{submission_id}/share", "delete"),
    ("/api/submissions/{submission_id}/appeal", "get"),
    ("/api/submissions/{submission_id}/appeal", "post"),
    ("/api/submissions/{submission_id}/appeal", "delete"),
    ("/api/submissions/{submission_id}/appeal/messages", "post"),
    ("/api/refused_prompts", "get"),
    ("/api/refused_prompts/{refused_id}", "get"),
    ("/api/refused_prompts/{refused_id}/appeal", "get"),
    ("/api/refused_prompts/{refused_id}/appeal", "post"),
    ("/api/refused_prompts/{refused_id}/appeal", "delete"),
    ("/api/refused_prompts/{refused_id}/appeal/messages", "post"),
}
ANY_TOKEN = {
    "/v1/models",
    "/v1/models/{name}",
    "/v1/quota",
    "/api/quota",
    "/v1/webhook_event_types",
}
MODEL = {
    "id": {"string"},
    "object": {"string"},
    "created": {"integer"},
    "owned_by": {"string"},
    "shutdown_date": {"string", "null"},
}
ENDPOINT = {
    "id": {"string"},
    "object": {"string"},
    "name": {"string"},
    "url": {"string"},
    "event_types": {"array"},
    "signing_secret_hint": {"string"},
    "created_at": {"integer"},
    "updated_at": {"integer"},
}


@pytest.fixture
def description(client: Client) -> Description:
    """What anybody may read, without a token."""
    response = client.get("/api/schema/")
    assert response.headers["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_v1_has_the_same_description(client: Client, description: Description) -> None:
    assert client.get("/v1/openapi.json").json() == description


def schema_of(description: Description, name: str) -> Description:
    return description["components"]["schemas"][name]


def types_of(description: Description, schema: Description) -> set[str]:
    """Return the JSON types that a schema allows, through references and alternatives."""
    if "$ref" in schema:
        return types_of(description, schema_of(description, schema["$ref"].rpartition("/")[2]))
    for alternatives in ("oneOf", "anyOf", "allOf"):
        if alternatives in schema:
            return set().union(*(types_of(description, one) for one in schema[alternatives]))
    types = schema["type"]
    return set(types) if isinstance(types, list) else {types}


def validator_for(description: Description, name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
    return Draft202012Validator(schema)


@pytest.mark.parametrize(
    ("name", "contract"),
    [
        ("Video", VIDEO),
        ("VideoList", VIDEO_LIST),
        ("DeletedVideo", DELETED_VIDEO),
        ("VideoError", ERROR),
    ],
)
def test_what_goes_out_has_the_keys_and_types_of_the_contract(
    description: Description, name: str, contract: dict[str, set[str]]
) -> None:
    schema = schema_of(description, name)

    types = {key: types_of(description, value) for key, value in schema["properties"].items()}
    assert types == contract
    assert set(schema["required"]) == set(contract)


@pytest.mark.parametrize(("name", "contract"), [("Model", MODEL), ("Endpoint", ENDPOINT)])
def test_what_goes_out_with_facts_of_ours_has_those_of_the_contract_too(
    description: Description, name: str, contract: dict[str, set[str]]
) -> None:
    schema = schema_of(description, name)

    types = {key: types_of(description, schema["properties"][key]) for key in contract}
    assert types == contract
    assert set(schema["required"]) >= set(contract)


def test_every_code_of_a_failed_video_is_named(description: Description) -> None:
    code = schema_of(description, "VideoError")["properties"]["code"]

    assert all(f"`{name}`" in code["description"] for name in ERROR_CODES)
    code = code["allOf"][0]["$ref"]
    assert set(schema_of(description, code.rpartition("/")[2])["enum"]) == set(ERROR_CODES)


def test_the_states_are_the_four_of_the_contract(description: Description) -> None:
    status = schema_of(description, "Video")["properties"]["status"]["allOf"][0]["$ref"]

    assert set(schema_of(description, status.rpartition("/")[2])["enum"]) == STATUSES


def test_what_comes_in_may_be_all_that_the_contract_names_as_json_or_as_a_form(
    description: Description,
) -> None:
    content = description["paths"]["/v1/videos"]["post"]["requestBody"]["content"]
    request = schema_of(description, "VideoRequest")

    assert set(content) == {"multipart/form-data", "application/json"}
    assert set(request["properties"]) >= CREATE
    assert request["required"] == ["prompt"]
    assert request["properties"]["prompt"]["maxLength"] == 32_000
    for name in ("model", "size", "seconds"):
        assert "string" in types_of(description, request["properties"][name])


def test_the_operations_and_their_parameters_are_those_of_the_contract(
    description: Description,
) -> None:
    paths = description["paths"]
    assert {(path, verb) for path, verbs in paths.items() for verb in verbs} == OPERATIONS

    parameters = {
        parameter["name"]: parameter["schema"]
        for parameter in paths["/v1/videos"]["get"]["parameters"]
        if parameter["in"] == "query"
    }
    assert set(parameters) == LIST
    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"]) == (0, 100)
    assert set(parameters["order"]["enum"]) == {"asc", "desc"}
    (variant,) = [
        parameter["schema"]["enum"]
        for parameter in paths["/v1/videos/{video_id}/content"]["get"]["parameters"]
        if parameter["name"] == "variant"
    ]
    assert set(variant) == {"video", "thumbnail", "spritesheet"}


def test_every_operation_asks_for_a_token_and_names_its_refusals(
    description: Description,
) -> None:
    for path, verb in OPERATIONS:
        operation = description["paths"][path][verb]
        ((_, scopes),) = operation["security"][0].items()
        assert bool(scopes) is (path not in ANY_TOKEN)
        assert set(scopes) <= set(Scope.values)
        assert operation["responses"]["401"]["content"]["application/json"]["schema"] == {
            "$ref": "#/components/schemas/Error"
        }
    assert description["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.mark.parametrize("status", list(Status))
def test_a_video_in_each_state_is_as_described(
    program: Client,
    description: Description,
    make_video: Callable[..., Generation],
    status: Status,
) -> None:
    parent = make_video(Status.FAILED)
    generation = make_video(status, parent=parent)

    validator_for(description, "Video").validate(program.get(url_of(generation)).json())


def test_each_other_answer_is_as_described(
    program: Client, description: Description, make_video: Callable[..., Generation]
) -> None:
    generation = make_video(Status.READY)
    created = program.post(VIDEOS, {"prompt": "A boat"}).json()
    page = program.get(VIDEOS, {"limit": 1}).json()
    empty = program.get(VIDEOS, {"limit": 0}).json()
    remix = program.post(url_of(generation, "/remix"), {"prompt": "A plane"}).json()
    models = program.get("/v1/models").json()
    model = program.get("/v1/models/sketch-1").json()
    quota = program.get("/v1/quota").json()
    deleted = program.delete(url_of(generation)).json()
    refused = program.get(url_of(generation)).json()

    validator_for(description, "Video").validate(created)
    validator_for(description, "Video").validate(remix)
    validator_for(description, "ModelList").validate(models)
    validator_for(description, "Model").validate(model)
    validator_for(description, "Quota").validate(quota)
    validator_for(description, "VideoList").validate(page)
    validator_for(description, "VideoList").validate(empty)
    validator_for(description, "DeletedVideo").validate(deleted)
    validator_for(description, "Error").validate(refused)


def test_the_description_would_notice_an_answer_that_is_not_as_described(
    description: Description,
) -> None:
    assert not validator_for(description, "DeletedVideo").is_valid(
        {"id": "video_" + "0" * 32, "object": "video.deleted", "deleted": "yes"}
    )
    assert not validator_for(description, "Video").is_valid({"id": "video_" + "0" * 32})
