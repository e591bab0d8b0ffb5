"""Folders to finish in, and works whose files can be fetched."""

from pathlib import Path

import pytest

from tests.generations.media.clips import write_clip


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def sound_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of video with a tone, as browsers like it."""
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", sound="aac")
