"""Reading an uploaded first image."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from generations.media.images import read_first_image
from portal.images import BadImage

ORIENTATION, ARTIST = 0x0112, 0x013B


def encoded(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def upload(content: bytes, name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def pixel(image: Image.Image, across: int, down: int) -> tuple[int, ...]:
    found = image.getpixel((across, down))
    assert isinstance(found, tuple)
    return found


def read(content: bytes) -> tuple[ContentFile, Image.Image]:
    found = read_first_image(upload(content))
    with found.open() as file:
        return found, Image.open(io.BytesIO(file.read()))


def halves(mode: str = "RGB", size: tuple[int, int] = (200, 100)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (size[0] // 2, 0, *size))
    return image.convert(mode)


def is_close(found: Any, wanted: tuple[int, int, int], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=False))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_an_image_becomes_a_jpeg_of_the_same_picture(file_format):
    _, image = read(encoded(halves(), file_format))

    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (200, 100))
    assert is_close(pixel(image, 50, 50), (200, 30, 30))
    assert is_close(pixel(image, 150, 50), (30, 30, 200))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA"])
def test_every_way_to_store_colours_is_read(mode):
    file_format = "JPEG" if mode == "CMYK" else "PNG"

    _, image = read(encoded(halves(mode), file_format))

    assert (image.mode, image.size) == ("RGB", (200, 100))


def test_grey_of_16_bits_keeps_its_brightness():
    deep = Image.new("I;16", (100, 100), 30_000)

    _, image = read(encoded(deep))

    assert is_close(pixel(image, 50, 50), (117, 117, 117), by=3)


def test_transparent_parts_stay_transparent():
    glass = halves("RGBA")
    glass.putalpha(128)

    found, image = read(encoded(glass))

    assert (image.format, image.mode) == ("PNG", "RGBA")
    assert pixel(image, 10, 10)[3] == 128
    assert str(found.name).endswith(".png")


def test_a_large_image_is_made_1920_pixels_at_most():
    _, image = read(encoded(halves(size=(4000, 1000)), "JPEG"))

    assert image.size == (1920, 480)


def test_an_image_that_lies_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned clockwise

    _, image = read(encoded(halves(), "JPEG", exif=exif))

    assert image.size == (100, 200)
    assert is_close(pixel(image, 50, 50), (200, 30, 30))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_the_pixels_is_kept(file_format):
    exif = Image.Exif()
    exif[ARTIST] = "somebody at 52.5 N"

    found, image = read(
        encoded(halves(), file_format, exif=exif, xmp=b"<x>somebody</x>", comment=b"somebody")
    )

    with found.open() as file:
        assert b"somebody" not in file.read()
    assert not image.getexif()
    assert not {"icc_profile", "comment", "xmp"} & set(image.info)


def test_colours_of_another_profile_are_brought_to_srgb():
    swapped = srgb_profile().replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ")
    swapped = swapped.replace(b"----", b"gXYZ")  # what it calls red is green

    _, image = read(encoded(halves(), icc_profile=swapped))

    assert "icc_profile" not in image.info
    red, green, _ = pixel(image, 50, 50)
    assert green > red + 100


def test_a_profile_that_cannot_be_applied_is_passed_over():
    _, image = read(encoded(halves(), icc_profile=srgb_profile()[:200]))

    assert is_close(pixel(image, 50, 50), (200, 30, 30))


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_the_name_says_nothing_and_is_never_the_same():
    names = {
        str(read_first_image(upload(encoded(halves()), "../my secret.png")).name) for _ in range(2)
    }

    assert len(names) == 2
    assert not [name for name in names if "secret" in name or "/" in name]


def header_of_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""
    header = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def text_bomb() -> bytes:
    """A PNG whose compressed comment fills 200 MB."""
    good = encoded(halves())
    content = b"Comment\0\0" + zlib.compress(bytes(200_000_000))
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + content))
    return good[:33] + chunk + good[33:]


def jpeg_of_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes so many times: a few bytes, all the pixels anew."""
    content = encoded(halves(), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * count + content[-2:]


def test_a_progressive_jpeg_is_read():
    _, image = read(encoded(halves(), "JPEG", progressive=True))

    assert is_close(pixel(image, 50, 50), (200, 30, 30))


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "MPO"])
def test_of_many_frames_the_first_is_taken(file_format):
    later = Image.new("RGB", (200, 100), (30, 200, 30))

    _, image = read(encoded(halves(), file_format, save_all=True, append_images=[later] * 3))

    assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
    assert is_close(pixel(image, 50, 50), (200, 30, 30))


def test_place_preview_and_whatever_hangs_on_are_gone():
    """What a camera writes: where it was, a small picture of the whole, and bytes at the end."""
    exif = Image.Exif()
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (52.0, 30.0, 0.0)
    preview = encoded(Image.new("RGB", (64, 64), (30, 200, 30)), "JPEG")
    photo = encoded(halves(), "JPEG", exif=exif.tobytes() + preview)

    found, image = read(photo + b"PK\x03\x04 a whole archive")

    with found.open() as file:
        content = file.read()
    assert content.count(b"\xff\xd8\xff") == 1
    assert b"Exif" not in content
    assert b"a whole archive" not in content
    assert not image.getexif()


def test_an_image_that_is_a_page_as_well_comes_out_as_an_image_alone():
    found, image = read(encoded(halves(), "PNG") + b"<script>alert(1)</script>")

    with found.open() as file:
        assert b"script" not in file.read()
    assert image.format == "JPEG"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "empty"),
        (lambda: b"<html>not an image</html>", "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves(), "GIF"), "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves(), "TIFF"), "not a PNG, JPEG or WebP"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves())[:-40], "damaged"),
        (lambda: encoded(halves(size=(800, 800)), "JPEG")[:900], "damaged"),
        (lambda: header_of_png(16_000, 16_000), "50 megapixels"),
        (lambda: header_of_png(2_000_000_000, 2_000_000_000), "50 megapixels"),
        (lambda: header_of_png(8000, 8000), "50 megapixels"),
        (lambda: header_of_png(1000, 1000), "damaged"),
        (lambda: encoded(halves(size=(63, 200))), "smaller than 64 pixels"),
        (lambda: encoded(halves(size=(64, 400))), "more than 4 times as long"),
        (lambda: encoded(halves(), "BMP"), "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves(), "ICO"), "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves(), "AVIF"), "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves(), "JPEG2000"), "not a PNG, JPEG or WebP"),
        (lambda: encoded(halves(), "PDF"), "not a PNG, JPEG or WebP"),
        (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400), "not a PNG, JPEG or WebP"),
        (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "not a PNG, JPEG"),
        (lambda: jpeg_of_scans(1000), "too many layers"),
        (text_bomb, "not a PNG, JPEG or WebP|damaged"),
    ],
)
def test_what_is_not_a_good_image_is_refused_by_a_sentence(make: Callable[[], bytes], said):
    with pytest.raises(BadImage, match=said) as refusal:
        read_first_image(upload(make()))

    assert (refusal.value.code, refusal.value.status) == ("bad_image", 400)
    assert refusal.value.field == "first_image"
    assert refusal.value.message.endswith(".")


def test_a_file_over_the_cap_is_refused_before_it_is_read_whole(settings):
    settings.FIRST_IMAGE_MAX_BYTES = 1000

    with pytest.raises(BadImage, match="larger than"):
        read_first_image(upload(bytes(1001)))


@settings(max_examples=150, deadline=None)
@given(
    file_format=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12),
    keep=st.floats(0.1, 1.0),
)
def test_no_damage_to_an_image_does_more_than_refuse_it(file_format, edits, keep):
    content = bytearray(encoded(halves(), file_format))
    for at, value in edits:
        content[at % len(content)] = value
    damaged = bytes(content[: int(len(content) * keep)])

    with suppress(BadImage):
        read_first_image(upload(damaged))
