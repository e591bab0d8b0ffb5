"""What a spreadsheet would run is written as text."""

import pytest

from portal.exporting import csv_lines, harmless


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\ta",
        "\ra",
        "\na",
        "  =1",
        "\u00a0=1",
        "\uff1d1",
        "\uff0b1",
    ],
)
def test_a_formula_becomes_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; ;\t@SUM(A1);b", "a; ;\t'@SUM(A1);b"),
        ("a\n-1\r\n+1", "a\n'-1\r\n'+1"),
        ('a;"=1&";', 'a;"\'=1&";'),  # its quote is written twice: an empty one, and the rest
        ("=1;=2", "'=1;'=2"),
        ("\n=1", "'\n'=1"),
    ],
)
def test_nor_is_one_hidden_in_a_cell_that_a_semicolon_cuts(cell, written):
    assert harmless(cell) == written


def test_a_cell_of_many_lines_is_read_once():
    assert harmless("a" + "\n" * 200_000) == "a" + "\n" * 200_000


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "a; b",
        "a;\nb",
        "wide; 3-1 = 2",
        "Nora",
        "a=b",
        "nora@example.org",
        "3.5",
        "https://x.example",
    ],
)
def test_anything_else_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_a_number_below_zero_is_a_number():
    assert list(csv_lines([[-8, "-8", None]], headings=["a", "b", "c"]))[1] == "-8,'-8,\r\n"
