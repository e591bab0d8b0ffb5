"""Static files under names that change with what is in them."""

import re
from pathlib import Path

from django.contrib.staticfiles.finders import get_finder

from portal.static_files import StaticFiles

PLAYER = "portal/js/clip-player.js"


def test_a_module_imports_its_parts_by_the_names_of_this_very_content(tmp_path: Path) -> None:
    """A browser that keeps them for good never mixes those of two releases."""
    finder = get_finder("django.contrib.staticfiles.finders.AppDirectoriesFinder")
    found = {
        name: (source, name)
        for name, source in finder.list([])
        if "portal/js" in name or "htmx" in name
    }
    storage = StaticFiles(location=str(tmp_path), base_url="/static/")
    for name, (source, _) in found.items():
        with source.open(name) as file:
            storage.save(name, file)

    assert [
        str(error) for *_, error in storage.post_process(found) if isinstance(error, Exception)
    ] == []

    served = (tmp_path / storage.stored_name(PLAYER)).read_text()
    imported = re.findall(r'from "(\./player/\w+\.\w+\.js)"', served)
    assert len(imported) == len(re.findall(r"^import ", served, re.MULTILINE)) > 0
    assert all((tmp_path / "portal/js" / name).is_file() for name in imported)
