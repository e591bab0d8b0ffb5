"""A profile: what it takes, what it refuses, and who sees it."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from artists.accounts.pictures import PICTURE_MAX_BYTES
from artists.accounts.zones import zone_choices, zones
from artists.models import Artist, Limit
from generations.models import Promise
from portal.clock import programme_day

PAGE = reverse("artists:profile")
GPS, CAMERA = 0x8825, 0x0110


@pytest.fixture
def browser(client, artist) -> Client:
    client.force_login(artist)
    return client


def answers(**changed: object) -> dict[str, object]:
    return {"credit_name": "Ada", "mail_decisions": "on", "mail_webhooks": "on"} | changed


def photo(*, size: tuple[int, int] = (800, 600), file_format: str = "JPEG") -> bytes:
    image = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[CAMERA] = "Secret Camera"
    exif.get_ifd(GPS)[2] = (IFDRational(52), IFDRational(31), IFDRational(0))
    file = io.BytesIO()
    image.save(file, file_format, exif=exif)
    return file.getvalue()


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def picture_of(artist: Artist) -> str:
    return reverse("artists:picture", args=[artist.pk])


def test_a_profile_is_kept(browser, artist):
    given = answers(
        credit_name="Ada  Lovelace",
        pronouns="she/her",
        links="https://ada.example/work\n\nhttps://ada.example/work\nhttps://video.example/@ada",
        time_zone="Asia/Kathmandu",
        mail_decisions="",
    )

    answer = browser.post(PAGE, given)

    assert answer["Location"] == PAGE
    artist.refresh_from_db()
    assert (artist.credit_name, artist.pronouns, artist.time_zone) == (
        "Ada Lovelace",
        "she/her",
        "Asia/Kathmandu",
    )
    assert artist.links == ["https://ada.example/work", "https://video.example/@ada"]
    assert (artist.mail_decisions, artist.mail_webhooks) == (False, True)
    assert "https://video.example/@ada" in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Ada\u00a0 Lovelace ", "Ada Lovelace"),
        ("Ame\u0301lie", "Am\u00e9lie"),
        ("Nguy\u1ec5n Th\u1ecb", "Nguy\u1ec5n Th\u1ecb"),
        ("\u5f20\u4f1f", "\u5f20\u4f1f"),
        ("\u0623\u062d\u0645\u062f", "\u0623\u062d\u0645\u062f"),
        ("x" * 80, "x" * 80),
        ("<b>Ada</b>", "<b>Ada</b>"),
    ],
)
def test_a_credit_name_is_kept_in_one_form(browser, artist, given, kept):
    browser.post(PAGE, answers(credit_name=given))

    artist.refresh_from_db()
    assert artist.credit_name == kept
    assert "<b>Ada</b>" not in browser.get(PAGE).text


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 81,
        "Ada\nBcc: x",
        "A\x00da",
        "A\u202eda",  # right to left from here on
        "\u2066Ada\u2069",
        "A\u200bda",  # a space without a width
        "Ada\ufeff",
        "A\u00adda",  # a hyphen that is not shown
        "\u3164",  # a letter that is not shown
        "A\ue000",
        "Z" + "\u0301\u0302\u0303\u0304\u0305\u0306" * 3,
        "A\u2028da",
        "\U000e0041da",
    ],
)
def test_odd_names_are_refused(browser, artist, name):
    answer = browser.post(PAGE, answers(credit_name=name))

    assert answer.status_code == 400
    assert answer.context["form"].errors["credit_name"]
    artist.refresh_from_db()
    assert artist.credit_name == "Ada"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://ada.example/%0aalert(1)",
        "http://ada.example",
        "data:text/html,x",
        "//ada.example",
        "ada.example",
        "https://",
        "https://user:password@ada.example/",
        "https://ada.example\u202e/",
        'https://ada.example/"onmouseover="x',
        "https://ada.example/" + "x" * 200,
        "\n".join(f"https://ada.example/{n}" for n in range(6)),
    ],
)
def test_links_that_could_harm_are_refused(browser, artist, link):
    answer = browser.post(PAGE, answers(links=link))

    if answer.status_code == 302:  # a quote is part of a path, and is escaped where it is shown
        assert 'onmouseover="x' not in browser.get(PAGE).text
        return
    assert answer.context["form"].errors["links"]
    artist.refresh_from_db()
    assert artist.links == []


def test_a_picture_is_made_anew_without_anything_that_was_in_it(browser, artist):
    browser.post(PAGE, answers(new_picture=upload(photo())))

    artist.refresh_from_db()
    kept = default_storage.open(artist.picture.name).read()
    image = Image.open(io.BytesIO(kept))
    assert (image.format, image.size) == ("WEBP", (512, 512))
    assert b"Secret" not in kept
    assert not image.getexif()
    served = browser.get(picture_of(artist))
    assert b"".join(served.streaming_content) == kept
    assert served["Content-Type"] == "image/webp"
    assert served["Cache-Control"] == "private, no-cache"


def test_a_new_picture_takes_the_place_of_the_old_one(
    browser, artist, django_capture_on_commit_callbacks
):
    names = []
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(PAGE, answers(new_picture=upload(photo())))
        artist.refresh_from_db()
        names.append(artist.picture.name)

    assert [default_storage.exists(name) for name in names] == [False, True]

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(PAGE, answers(removes_picture="on"))

    assert not default_storage.exists(names[1])
    assert browser.get(picture_of(artist)).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(100),
        photo()[:500],
        photo(size=(20, 20)),
        photo(size=(64, 640)),
        bytes(PICTURE_MAX_BYTES + 1),
    ],
    ids=["empty", "svg", "gif", "cut", "tiny", "strip", "large"],
)
def test_what_is_no_good_picture_is_refused(browser, artist, content):
    answer = browser.post(PAGE, answers(new_picture=upload(content)))

    assert answer.context["form"].errors["new_picture"]
    artist.refresh_from_db()
    assert not artist.picture


def test_a_bomb_is_refused_by_its_header(browser, artist):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")

    answer = browser.post(PAGE, answers(new_picture=upload(bomb.getvalue())))

    assert "megapixels" in str(answer.context["form"].errors["new_picture"])


def test_a_picture_is_seen_by_its_person_and_by_who_reviews_alone(
    browser, artist, other_artist, reviewer, client
):
    browser.post(PAGE, answers(new_picture=upload(photo())))
    statuses = {}
    for person in (artist, other_artist, reviewer):
        client.force_login(person)
        statuses[person.credit_name] = client.get(picture_of(artist)).status_code
    without_factor = Client()
    without_factor.force_login(reviewer)

    assert statuses == {"Ada": 200, "Ben": 404, "Rita": 200}
    assert without_factor.get(picture_of(artist)).status_code == 404
    assert Client().get(picture_of(artist)).status_code == 404


def test_pages_show_times_in_the_zone_that_somebody_chose(browser, artist):
    browser.post(PAGE, answers(time_zone="Asia/Kathmandu"))
    at = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    token = artist.tokens.create(name="x", sha256="0" * 64, hint="abcd", expires_at=timezone.now())
    artist.tokens.update(created_at=at)

    page = browser.get(reverse("artists:token", args=[token.pk])).text

    assert "2 Mar 2026, 01:45" in page
    assert 'data-time-zone="Asia/Kathmandu"' in page
    assert timezone.get_current_timezone_name() == "UTC"  # of the next request


def test_a_zone_that_is_no_more_counts_as_none(browser, artist):
    Artist.objects.filter(pk=artist.pk).update(time_zone="Mars/Olympus")

    assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Etc/GMT+5", "x" * 200])
def test_no_other_zone_is_taken(browser, artist, zone):
    assert "time_zone" in browser.post(PAGE, answers(time_zone=zone)).context["form"].errors


def test_zones_are_places_by_region():
    regions = dict(zone_choices())

    assert ("Europe/Berlin", "Berlin") in regions["Europe"]
    assert ("America/Argentina/Salta", "Argentina, Salta") in regions["America"]
    assert len(zones()) > 300


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_nobody_moves_the_days_of_the_programme_by_their_own_zone(zone, settings):
    """I3: a quota's day begins by the programme's clock, whoever asks."""
    at = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    limit = Limit(period=Limit.Period.DAY)
    promise = Promise.objects.in_force()
    day, start, due = programme_day(), limit.period_start(at), promise.due_at(at)

    with timezone.override(ZoneInfo(zone)):
        assert limit.period_start(at) == start == datetime(2026, 3, 1, tzinfo=UTC)
        assert promise.due_at(at) == due
        assert programme_day() == day
