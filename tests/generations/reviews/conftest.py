from tests.generations.sharing.fixtures import (
    claimed,
    ground,
    make_share,
    make_submission,
    make_work,
    share,
    submission,
    work,
)

__all__ = [
    "claimed",
    "ground",
    "make_share",
    "make_submission",
    "make_work",
    "share",
    "submission",
    "work",
]
