"""How the GREENROOM_… variables are read."""

from pathlib import Path

import pytest

from portal.environment import Environment


def test_a_folder_is_made_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "new"))

    made = Environment().folder("HOME", default=tmp_path)

    assert made == tmp_path / "new"
    assert made.stat().st_mode & 0o777 == 0o700
