"""Markdown that can do nothing, and a difference that is one of words."""

import re

import pytest

from artists.terms.difference import Change, compare
from artists.terms.rendering import TAGS, to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "![x](https://tracker.example/pixel.png)",
    "<https://x.example/?a=<script>>",
    '[x](https://x.example "onmouseover=alert(1)")',
    "<style>body{display:none}</style>",
    "<iframe src=https://x.example></iframe>",
    "| a |\n| :-: |\n| <b onclick=x>y</b> |",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<svg><script>alert(1)</script></svg>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_can_do_nothing(text: str) -> None:
    tags = re.findall(r"<[^>]*>", to_html(text).lower())

    assert {re.match(r"</?(\w+)", tag)[1] for tag in tags} <= TAGS  # type: ignore[index]
    for tag in tags:
        attributes = re.findall(r' (\w+)="([^"]*)"', tag)
        assert {name for name, _ in attributes} <= {"href", "title", "rel"}
        assert all(value.startswith("https://") for name, value in attributes if name == "href")


def test_markdown_has_what_a_document_needs() -> None:
    html = to_html(
        "# One\n\n###### Six\n\n- a\n\n3. b\n\n| c |\n| - |\n| d |\n\n*e* **f** [g](https://h.example)"
    )

    assert "<h2>One</h2>" in html  # the page has its own h1
    assert "<h6>Six</h6>" in html
    assert '<ol start="3">' in html
    assert "<td>d</td>" in html
    assert '<a href="https://h.example" rel="noopener noreferrer">g</a>' in html


def words(before: str, after: str) -> list[tuple[str, str]]:
    pieces = [piece for passage in compare(before, after).passages for piece in passage.pieces]
    return [
        (piece.change.value, piece.text)
        for piece in pieces
        if piece.words and piece.change != Change.SAME
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("One two three", "One two three", []),
        ("One two three", "One four three", [("removed", "two"), ("added", "four")]),
        ("One\n\nTwo", "One\n\n\n   Two  ", []),
        ("A line that\nis wrapped", "A line\nthat is wrapped", []),
        ("", "All new", [("added", "All new")]),
        ("All gone", "", [("removed", "All gone")]),
        ("- a\n- b", "- a\n- b\n- c", [("added", "- c")]),
    ],
)
def test_a_difference_is_of_words(before: str, after: str, found: list[tuple[str, str]]) -> None:
    assert words(before, after) == found


def test_a_difference_shows_what_is_near_and_counts_the_rest() -> None:
    lines = [f"Line {number}" for number in range(100)]
    changed = [*lines[:50], "Line fifty, changed", *lines[51:]]

    difference = compare("\n".join(lines), "\n".join(changed))

    [passage] = difference.passages
    assert (passage.skipped, difference.skipped_at_end) == (49, 48)
    assert (difference.added, difference.removed) == (2, 1)


@pytest.mark.parametrize("size", [100_000])
def test_the_longest_texts_are_compared_in_a_moment(size: int) -> None:
    """Whole where they have nothing in common: no request hangs on a text."""
    before = " ".join(f"w{number % 97}" for number in range(size // 4))[:size]
    after = " ".join(f"w{number * 7 % 89}" for number in range(size // 4))[:size]

    assert [piece.change for piece in compare(before, after).passages[0].pieces] == [
        Change.REMOVED,
        Change.ADDED,
    ]
    assert compare("a\n" * (size // 2), "b\n" * (size // 2)).removed == size // 2
