"""Bringing finished files into private storage."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage

from generations.media.scratch import scratch_folder
from generations.media.storage import discard, on_disk, store, stored_first
from generations.models import Generation


def test_a_finished_file_is_moved_not_copied_and_its_name_says_nothing():
    generation_id = uuid4()
    with scratch_folder() as folder:
        made = folder / "poster.webp"
        made.write_bytes(b"a poster")
        inode = made.stat().st_ino

        name = store(made, folder="renditions", generation_id=generation_id, kind="poster")

        assert not made.exists()
    stored = Path(default_storage.path(name))
    assert (stored.stat().st_ino, stored.read_bytes()) == (inode, b"a poster")
    assert stored.stat().st_mode & 0o777 == 0o640
    assert re.fullmatch(rf"renditions/{generation_id}/[0-9a-f]{{32}}-poster\.webp", name)


def test_discarded_files_are_gone_and_may_be_discarded_again():
    generation = Generation()
    with scratch_folder() as folder:
        made = folder / "image.jpg"
        made.write_bytes(b"an image")
        generation.first_image.name = store(
            made, folder="first_images", generation_id=generation.pk, kind="first"
        )

    for _ in range(2):
        discard([generation.first_image])

    assert not default_storage.exists(generation.first_image.name)


def test_a_work_without_a_file_has_nothing_to_discard():
    discard([Generation().first_image])


def test_what_lies_in_a_folder_is_read_there_and_anything_else_from_a_copy(settings, tmp_path):
    settings.SCRATCH = tmp_path
    generation = Generation()
    generation.first_image.save("image.jpg", ContentFile(b"an image"), save=False)
    in_memory = InMemoryStorage()
    in_memory.save(generation.first_image.name, ContentFile(b"an image"))

    with on_disk(generation.first_image, max_bytes=8) as path:
        assert path == Path(generation.first_image.path)
    generation.first_image.storage = in_memory
    with on_disk(generation.first_image, max_bytes=8) as copy:
        assert copy != path
        assert copy.read_bytes() == b"an image"

    assert path.exists()
    assert not copy.exists()
    with pytest.raises(OSError, match="larger"), on_disk(generation.first_image, max_bytes=7):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_from_its_folder_is_not_taken_for_there():
    generation = Generation(first_image="first_images/gone.jpg")

    with pytest.raises(FileNotFoundError), on_disk(generation.first_image, max_bytes=8):
        pass


def test_a_first_image_that_nothing_comes_to_name_is_not_kept():
    stored = stored_first(ContentFile(b"an image", "a.jpg"))
    name = stored.__enter__()
    assert name is not None
    assert default_storage.exists(name)

    is_hidden = stored.__exit__(ZeroDivisionError, ZeroDivisionError(), None)

    assert not is_hidden
    assert not default_storage.exists(name)
