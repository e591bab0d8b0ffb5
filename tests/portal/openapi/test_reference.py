"""The page of the API says what the description says."""

import re

import pytest
from django.test import Client

from portal.openapi.describing import describe_api


@pytest.fixture
def page(client: Client, db: None) -> str:
    return client.get("/api/").text


def test_every_operation_has_its_place_with_a_command(page: str) -> None:
    for path, methods in describe_api()["paths"].items():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
        assert f"<code>{path}</code>" in page
    assert "curl &quot;http://localhost:8000/api/submissions&quot;" in page
    assert "Scope <code>tokens:revoke</code>" in page


def test_every_link_on_the_page_leads_somewhere(page: str) -> None:
    places = re.findall(r'id="([^"]+)"', page)

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)
    assert len(places) == len(set(places))


def test_it_needs_no_query_but_the_visitors(
    client: Client, django_assert_num_queries: object, db: None
) -> None:
    client.get("/api/")

    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/api/")


def test_the_page_of_tokens_and_the_footer_lead_there(client: Client, artist: object) -> None:
    client.force_login(artist)  # type: ignore[arg-type]

    assert client.get("/tokens/").text.count('href="/api/"') == 2
