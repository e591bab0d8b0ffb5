"""Every form of a Range header, by RFC 9110 section 14."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generations.media.ranges import Span, Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 1000)),
        ("bytes=0-999", (0, 1000)),
        ("bytes=0-5000", (0, 1000)),
        ("bytes=999-", (999, 1000)),
        ("bytes=500-599", (500, 600)),
        ("bytes=-1", (999, 1000)),
        ("bytes=-1000", (0, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("BYTES=1-2", (1, 3)),
        (" bytes=1-2 ", (1, 3)),
    ],
)
def test_a_range_within_the_file_is_that_span(header, span):
    assert parse_range(header, size_bytes=1000) == Span(*span)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=5000-", "bytes=-0"])
def test_a_range_past_the_end_is_not_satisfiable(header):
    with pytest.raises(Unsatisfiable):
        parse_range(header, size_bytes=1000)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=1-2,5-6",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=\u0663-\u0669",
        "items=0-5",
        "bytes=1-" + "9" * 5000,
    ],
)
def test_what_is_not_one_range_is_ignored(header):
    assert parse_range(header, size_bytes=1000) is None


def test_an_empty_file_has_no_range():
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=0-", size_bytes=0)


@given(
    st.one_of(
        st.text(alphabet="bytes=-0123456789, ", max_size=40),
        st.from_regex(r"\Abytes=[0-9]{0,20}-[0-9]{0,20}\Z"),
    ),
    st.integers(min_value=0, max_value=10**12),
)
def test_no_header_leads_outside_the_file(header, size_bytes):
    try:
        span = parse_range(header, size_bytes=size_bytes)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.start < span.stop <= size_bytes
