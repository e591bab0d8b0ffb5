"""Imports run one way, between the apps and between the rooms of generations."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A name may import those that stand before it, never one that stands after it.
APPS = ("portal", "artists", "generations")
ROOMS = (
    "models",
    "pauses",
    "sketch",
    "providers",
    "media",
    "rendering",
    "checks",
    "notices",
    "webhooks",
    "taking",
    "retention",
    "promise",
    "judging",
    "erasing",
    "tasks",
    "callbacks",
    "outcomes",
    "gallery",
    "sharing",
    "portfolios",
    "reports",
    "verifying",
    "prompts",
    "appeals",
    "notes",
    "veil",
    "reviews",
    "library",
    "leaving",
    "dashboard",
    "transparency",
    "demo",
)


def imports(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every import of a folder's modules: who imports, and what."""
    for path in sorted(folder.rglob("*.py")):
        importer = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    yield importer, f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    yield importer, alias.name


@pytest.mark.parametrize("app", APPS)
def test_an_app_knows_those_before_it_alone(app: str) -> None:
    later = APPS[APPS.index(app) + 1 :]

    backwards = [pair for pair in imports(ROOT / app) if pair[1].partition(".")[0] in later]

    assert backwards == []


# What sets a quota, judges or picks, and what will hold feedback: that it is voluntary is a promise
# of the page of terms, so none of the first may know any of the second.
JUDGING = (
    "artists/quotas",
    "artists/admissions",
    "artists/terms",
    "generations/checks",
    "generations/judging",
    "generations/prompts",
    "generations/rendering",
    "generations/reviews",
    "generations/sharing",
)
FEEDBACK = ("contributions", "contribution", "feedback", "voice")


def knows_feedback(imported: str) -> bool:
    return not set(imported.lower().split(".")).isdisjoint(FEEDBACK)


@pytest.mark.parametrize("folder", JUDGING)
def test_no_quota_review_or_selection_reads_feedback(folder: str) -> None:
    found = list(imports(ROOT / folder))

    assert found
    assert [pair for pair in found if knows_feedback(pair[1])] == []


def test_feedback_would_be_noticed() -> None:
    assert knows_feedback("artists.contributions.services.reward")
    assert knows_feedback("artists.models.Contribution")
    assert not knows_feedback("artists.quotas.services.reserve")


def test_a_room_of_generations_knows_those_before_it_alone() -> None:
    backwards = []
    for importer, imported in imports(ROOT / "generations"):
        app, _, rest = imported.partition(".")
        here, there = importer.split(".")[1], rest.partition(".")[0]
        if app != "generations" or here not in ROOMS or there not in ROOMS:
            continue
        if ROOMS.index(there) > ROOMS.index(here):
            backwards.append((importer, imported))

    assert backwards == []
