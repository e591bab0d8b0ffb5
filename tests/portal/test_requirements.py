"""Two installations of one commit are the same."""

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PORTAL, TESTS = "requirements.txt", "tests/requirements.txt"


def requirements(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if re.match(r"\w", line)]


def needs(requirement: Requirement) -> set[str]:
    """Return the names of the packages that one needs on this machine, with its extras."""
    found = [Requirement(line) for line in requires(requirement.name) or []]
    return {
        canonicalize_name(need.name)
        for need in found
        for extra in ("", *requirement.extras)
        if need.marker is None or need.marker.evaluate({"extra": extra})
    }


@pytest.mark.parametrize("name", [PORTAL, TESTS])
def test_every_package_has_one_version(name: str) -> None:
    loose = [
        str(one) for one in requirements(name) if not re.fullmatch("==[^*,]+", str(one.specifier))
    ]

    assert loose == []


@pytest.mark.parametrize("names", [[PORTAL], [PORTAL, TESTS]])
def test_what_a_package_needs_is_named_too(names: list[str]) -> None:
    installed = [one for name in names for one in requirements(name)]

    needed = set[str]().union(*map(needs, installed))

    assert needed - {canonicalize_name(one.name) for one in installed} == set()
