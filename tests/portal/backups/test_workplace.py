"""Where a backup is made others may write too: what they put there neither leads nor reads."""

import os
from pathlib import Path

import pytest

from portal.backups.errors import BackupRefused
from portal.backups.making import WORKPLACE, workplace


def test_a_folder_that_is_there_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / WORKPLACE).mkdir()
    (tmp_path / WORKPLACE).chmod(0o777)

    with workplace(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_leads_nowhere_and_nothing_behind_it_is_removed(tmp_path: Path) -> None:
    behind = tmp_path / "behind"
    behind.mkdir()
    (behind / "kept").write_text("kept")
    (tmp_path / WORKPLACE).symlink_to(behind)

    with pytest.raises(BackupRefused, match="is no folder"), workplace(tmp_path):
        pass

    assert (behind / "kept").read_text() == "kept"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to another account")
def test_the_folder_of_another_account_is_not_used(tmp_path: Path) -> None:
    (tmp_path / WORKPLACE).mkdir()
    os.chown(tmp_path / WORKPLACE, 65534, 65534)

    with pytest.raises(BackupRefused, match="another account's"), workplace(tmp_path):
        pass
