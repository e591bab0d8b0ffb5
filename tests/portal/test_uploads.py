"""What people send is kept nowhere else, and what killed processes left of it is cleared away."""

import os
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile

from portal import uploads


def test_an_upload_lies_in_the_folder_of_uploads_and_goes_when_it_is_closed() -> None:
    with TemporaryUploadedFile("clip.mp4", "video/mp4", 0, None) as upload:
        path = Path(upload.temporary_file_path())
        assert path.parent == settings.FILE_UPLOAD_TEMP_DIR
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.exists()


def test_what_a_killed_web_process_left_is_removed_and_what_comes_in_now_stays() -> None:
    left = settings.FILE_UPLOAD_TEMP_DIR / "tmpabc.upload.mp4"
    left.write_bytes(b"half")
    long_ago = time.time() - uploads.OLD_SECONDS - 60
    os.utime(left, (long_ago, long_ago))

    with TemporaryUploadedFile("clip.mp4", "video/mp4", 0, None) as upload:
        assert uploads.remove_old() == 1
        assert Path(upload.temporary_file_path()).exists()
    assert not left.exists()
