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
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\uff1d1",
        "\uff0b1",
    ],
)
def test_a_formula_becomes_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "Nora", "a=b", "nora@example.org", "3.5", "https://x.example"]
)
def test_anything_else_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_a_number_below_zero_is_a_number():
    assert list(csv_lines([[-8, "-8", None]], headings=["a", "b", "c"]))[1] == "-8,'-8,\r\n"
