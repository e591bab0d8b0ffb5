"""How numbers become plots: round axes, rectangles that add up, words."""

from datetime import date, timedelta

import pytest

from generations.dashboard.plots import (
    HEIGHT,
    SECOND_STEPS,
    Series,
    bars,
    decimal_steps,
    overlay_columns,
    say_count,
    say_seconds,
    scale_of,
    stack_columns,
)

DAYS = [date(2026, 3, 1) + timedelta(days=number) for number in range(3)]


def series(label: str, *values: int) -> Series:
    by_day = {day: value for day, value in zip(DAYS, values, strict=True) if value}
    return Series(label, "is-1", by_day, lambda day: f"/list/{day}")


def link(day: date | None) -> str:
    return f"/list/{day}"


@pytest.mark.parametrize(
    ("highest", "axis"),
    [
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (77, [0, 20, 40, 60, 80]),
        (1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_an_axis_is_round_and_reaches_the_highest_value(highest, axis):
    assert scale_of(highest, decimal_steps()) == axis


@pytest.mark.parametrize(
    ("highest", "top"), [(3, 3), (95, 120), (4000, 5400), (900_000, 12 * 86400)]
)
def test_an_axis_of_seconds_has_steps_of_a_clock(highest, top):
    assert scale_of(highest, SECOND_STEPS)[-1] == top


def test_one_series_stands_on_another():
    plot = stack_columns(
        DAYS, [series("One", 3, 0, 1), series("Two", 1, 0, 0)], say=say_count, link=link
    )

    assert plot is not None
    lower, upper, last = plot.marks
    assert lower.y + lower.height == HEIGHT
    assert upper.y + upper.height == lower.y
    assert (upper.y, last.height) == (0, HEIGHT / 4)
    assert [column.total for column in plot.columns] == ["4", "0", "1"]
    assert next(column.cells for column in plot.columns) == [
        ("3", "/list/2026-03-01"),
        ("1", "/list/2026-03-01"),
    ]
    assert plot.ticks == ["4", "3", "2", "1", "0"]
    assert plot.words == "5 in 3 days, the most on 1 March: 4; One 4; Two 1"
    assert plot.columns[1].words == "2 Mar. None"


def test_seconds_do_not_add_up():
    plot = overlay_columns(
        DAYS, [series("Half", 30, 0, 0), series("Most", 90, 0, 0)], say=say_seconds, link=link
    )

    assert plot is not None
    most, half = plot.marks  # the lower one is drawn last, on top
    assert most.height == 3 * half.height
    assert most.y + most.height == half.y + half.height == HEIGHT
    assert plot.ticks[0] == "1 min 30 s"


def test_nothing_is_no_plot():
    assert stack_columns(DAYS, [], say=say_count, link=link) is None
    assert overlay_columns(DAYS, [series("One", 0, 0, 0)], say=say_seconds, link=link) is None
    assert bars([("Nothing", 0, "/", "")])[0].share == 0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (95, "1 min 35 s"),
        (3600, "1 h"),
        (3605, "1 h"),
        (90061, "1 d 1 h"),
    ],
)
def test_a_length_of_time_is_said_in_two_units(seconds, said):
    assert say_seconds(seconds) == said
