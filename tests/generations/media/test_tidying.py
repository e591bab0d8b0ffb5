"""What killed workers left behind is cleared away, and nothing that is needed."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from generations.media import tidying
from generations.media.scratch import scratch_folder
from generations.models import Generation
from generations.prompts.services import remove

pytestmark = pytest.mark.django_db

LONG_AGO = (timezone.now() - timedelta(days=3)).timestamp()


def age(name: str) -> None:
    os.utime(default_storage.path(name), (LONG_AGO, LONG_AGO))


def test_old_scratch_folders_are_removed_and_new_ones_stay() -> None:
    left = settings.SCRATCH / "left-by-a-killed-worker"
    left.mkdir(parents=True)
    (left / "render.mp4").write_bytes(b"half")
    os.utime(left, (LONG_AGO, LONG_AGO))

    with scratch_folder() as in_use:
        assert tidying.empty_scratch() == 1
        assert in_use.exists()
    assert not left.exists()


def test_old_files_without_a_row_are_deleted(work: Generation) -> None:
    known = str(work.renditions.get(kind="master").file.name)
    named = default_storage.save(f"renditions/{work.pk}/named.mp4", ContentFile(b"named"))
    work.renditions.filter(kind="proxy").update(file=named)
    orphans = [
        default_storage.save(f"{folder}/orphan", ContentFile(b"orphan"))
        for folder in (f"renders/{work.pk}", f"renditions/{work.pk}", "first_images")
    ]
    young = default_storage.save(f"renders/{work.pk}/young", ContentFile(b"young"))
    for name in (named, *orphans):
        age(name)

    assert tidying.delete_unknown() == 3

    assert not any(default_storage.exists(name) for name in orphans)
    assert all(default_storage.exists(name) for name in (known, named, young))


def test_files_of_a_removed_work_that_were_left_are_deleted_once(
    make_work: Callable[..., Generation],
) -> None:
    kept, removed = make_work(), make_work()
    files = [Path(rendition.file.path) for rendition in removed.renditions.all()]
    Generation.objects.filter(pk=removed.pk).update(removed_at=timezone.now())

    assert tidying.delete_removed() == 1
    assert tidying.delete_removed() == 0

    assert not any(file.exists() for file in files)
    assert Path(kept.renditions.get(kind="master").file.path).exists()


def test_works_whose_files_are_gone_are_not_looked_at_again(
    make_work: Callable[..., Generation],
    django_assert_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            remove(make_work())
    assert not Generation.objects.filter(files_deleted_at=None).exists()

    with django_assert_num_queries(1) as asked:
        assert tidying.delete_removed() == 0

    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN {'QUERY PLAN ' * (connection.vendor == 'sqlite')}{asked[0]['sql']}"
        )
        plan = str(cursor.fetchall())
    assert "generation_left_files" in plan or connection.vendor != "sqlite"
