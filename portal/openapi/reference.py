"""The API's description as a page: the same facts as the OpenAPI document, for people."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from portal.openapi.describing import describe_api

Schema = Mapping[str, Any]
markdown = MarkdownIt("commonmark", {"html": False})
REF = "#/components/schemas/"
EXAMPLES = {  # what a placeholder stands for in a command
    "prompt": "A paper boat on a quiet sea",
    "video_id": "video_0199c5e2a1b27c3d8e4f5a6b7c8d9e0f",
    "title": "Paper boat",
    "url": "https://hooks.example/greenroom",
    "name": "laptop",
}


class Field(NamedTuple):
    """A parameter or a key of a body."""

    name: str
    kind: str
    object_name: str  # of the object that it holds, to link to; empty where it holds none
    is_required: bool
    words: SafeString
    where: str = ""


class Answer(NamedTuple):
    status: str
    words: SafeString
    object_name: str
    media_types: str


class Operation(NamedTuple):
    """One endpoint with one method."""

    id: str
    method: str
    path: str
    words: SafeString
    scope: str
    parameters: list[Field]
    body: str
    body_types: str
    answers: list[Answer]
    headers: list[Field]
    curl: str


@login_not_required
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation and object of the API to anybody."""
    return render(request, "portal/reference.html", _facts())


@cache
def _facts() -> dict[str, Any]:
    """Read the description once: it changes with the code alone."""
    described = describe_api()
    operations: dict[str, list[Operation]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            (tag,) = operation["tags"]
            operations[tag].append(_operation(described, path, method, operation))
    schemas = described["components"]["schemas"]
    return {
        "description": mark_safe(markdown.render(described["info"]["description"])),  # noqa: S308
        "scopes": mark_safe(  # noqa: S308
            markdown.render(described["components"]["securitySchemes"]["token"]["description"])
        ),
        "tags": [(tag["name"], _words(tag), operations[tag["name"]]) for tag in described["tags"]],
        "objects": [
            (name, _words(schema), list(_fields(schemas, schema)))
            for name, schema in schemas.items()
            if "properties" in schema
        ],
        "public_url": settings.PUBLIC_URL,
    }


def _operation(described: Schema, path: str, method: str, operation: Schema) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    schemas = described["components"]["schemas"]
    body = _object_of(content)
    parameters = [_parameter(schemas, one) for one in operation.get("parameters", ())]
    headers = {
        name: Field(name, _kind(schemas, header["schema"])[0], "", False, _words(header))
        for response in operation["responses"].values()
        for name, header in response.get("headers", {}).items()
    }
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        words=_words(operation),
        scope=next(iter(operation["security"][0]["token"]), ""),
        parameters=parameters,
        body=body,
        body_types=" or ".join(sorted(content)),
        answers=[_answer(status, one) for status, one in operation["responses"].items()],
        headers=list(headers.values()),
        curl=_curl(method, path, schemas.get(body, {})),
    )


def _parameter(schemas: Schema, one: Schema) -> Field:
    kind, _ = _kind(schemas, one["schema"])
    return Field(one["name"], kind, "", one.get("required", False), _words(one), one["in"])


def _answer(status: str, response: Schema) -> Answer:
    content = response.get("content", {})
    return Answer(status, _words(response), _object_of(content), " or ".join(content))


def _fields(schemas: Schema, schema: Schema) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, one in schema["properties"].items():
        kind, object_name = _kind(schemas, one)
        yield Field(name, kind, object_name, name in required, _words(one))


def _kind(schemas: Schema, schema: Schema) -> tuple[str, str]:
    """Return what a value is in a word or two, and the name of the object that it holds."""
    if name := _name_of(schema):
        found = schemas[name]
        return ("", name) if "properties" in found else _kind(schemas, found)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            kinds = [_kind(schemas, one) for one in schema[several]]
            return " or ".join(kind for kind, _ in kinds if kind), _first(name for _, name in kinds)
    if "const" in schema:
        return json.dumps(schema["const"]), ""
    if "enum" in schema:
        return " | ".join("null" if one is None else str(one) for one in schema["enum"]), ""
    if schema.get("type") == "array":
        kind, name = _kind(schemas, schema["items"])
        return f"list of {kind}".strip(), name
    types = schema.get("type", "object")
    kind = " or ".join(types) if isinstance(types, list) else types
    return f"{kind}, {schema['format']}" if "format" in schema else kind, ""


def _curl(method: str, path: str, body: Schema) -> str:
    """Return a command to paste; what begins with $ is for whoever pastes it to set."""
    address = path.replace("{", "$").replace("}", "")
    lines = [f'curl "{settings.PUBLIC_URL}{address}"', '-H "Authorization: Bearer $TOKEN"']
    if method != "get":
        lines.insert(1, f"-X {method.upper()}")
    required = {name: _example(name, body["properties"][name]) for name in body.get("required", ())}
    if required:
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(required)}'"]
    return " \\\n  ".join(lines)


def _example(name: str, schema: Schema) -> Any:
    if name in EXAMPLES:
        return EXAMPLES[name]
    return ["video.completed"] if schema.get("type") == "array" else "video.completed"


def _object_of(content: Schema) -> str:
    """Return the name of the object that a body is; empty for a file."""
    for media_type in content.values():
        return _name_of(media_type["schema"])
    return ""


def _name_of(schema: Schema) -> str:
    return str(schema.get("$ref", "")).removeprefix(REF)


def _first(names: Iterator[str]) -> str:
    return next(filter(None, names), "")


def _words(described: Schema) -> SafeString:
    text = markdown.renderInline(described.get("description", ""))
    return mark_safe(text)  # noqa: S308  (our own, and HTML is off)
