"""Names of files that people take away."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generations.media.filenames import attachment, name_download
from generations.models import Generation


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A paper boat on a canal", "greenroom-a-paper-boat-on-a-canal-{}.mp4"),
        ("Une forêt, l'été!", "greenroom-une-forêt-lété-{}.mp4"),
        ("夜の海", "greenroom-夜の海-{}.mp4"),
        ("🚀🚀", "greenroom-{}.mp4"),
        ("../../etc/passwd", "greenroom-etcpasswd-{}.mp4"),
        ('a"b\\c\r\nX: y', "greenroom-abc-x-y-{}.mp4"),
        ("‮gnp.exe", "greenroom-gnpexe-{}.mp4"),
        ("word " * 100, "greenroom-" + "word-" * 12 + "{}.mp4"),
        ("x" * 200, "greenroom-" + "x" * 60 + "-{}.mp4"),
    ],
)
def test_a_download_is_named_by_what_it_shows(prompt, name):
    generation = Generation(prompt=prompt)

    assert name_download(generation, suffix=".mp4") == name.format(generation.pk.hex[-6:])


def test_a_plain_name_is_given_once():
    assert attachment("boat-1.mp4") == 'attachment; filename="boat-1.mp4"'


def test_a_name_beyond_ascii_is_given_for_old_programs_and_for_new_ones():
    header = attachment("greenroom-夜の海-1a2b.mp4")

    assert header.startswith("attachment; filename=\"greenroom-1a2b.mp4\"; filename*=UTF-8''")
    assert unquote(header.partition("''")[2]) == "greenroom-夜の海-1a2b.mp4"


@given(st.text())
def test_no_name_breaks_out_of_its_header(filename):
    header = attachment(filename)

    assert re.fullmatch(
        r"""attachment; filename="[\w .()+,=@~-]+"(; filename\*=UTF-8''[\w.%~-]+)?""",
        header,
        re.ASCII,
    )
