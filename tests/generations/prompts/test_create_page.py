"""The page on which a clip is made."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist, Limit, Reservation
from artists.quotas.ceilings import grant
from generations.models import Generation, Rate, VideoModel

CREATE = "/create/"
CHOICES = {"model": "sketch-1", "style": "ink", "size": "1280x720", "duration_seconds": "4"}


@pytest.fixture
def client(client: Client, artist: Artist, video_model: VideoModel) -> Client:
    client.force_login(artist)
    return client


def png(width: int = 64, height: int = 64) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return SimpleUploadedFile("first.png", buffer.getvalue(), "image/png")


def test_a_whole_form_makes_a_generation_and_leads_to_it(client: Client) -> None:
    form = CHOICES | {"prompt": "  A paper boat\r\nat dusk ", "seed": "7", "first_image": png()}

    answer = client.post(CREATE, form)

    generation = Generation.objects.get()
    assert answer.headers["Location"] == generation.get_absolute_url()
    assert generation.prompt == "A paper boat\nat dusk"
    assert (generation.style, generation.seed, generation.size) == ("ink", 7, "1280x720")
    assert generation.first_image


def test_a_page_that_is_sent_twice_makes_one_clip(client: Client) -> None:
    """I5: a double click, or a reload of the answer."""
    nonce = client.get(CREATE).context["form"]["nonce"].value()
    form = CHOICES | {"prompt": "A paper boat", "nonce": str(nonce)}

    first = client.post(CREATE, form | {"first_image": png()})
    second = client.post(CREATE, form | {"first_image": png()})

    generation = Generation.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == generation.get_absolute_url()
    assert Reservation.objects.count() == 1


def test_a_page_that_is_changed_and_sent_again_makes_another_clip(client: Client) -> None:
    nonce = str(client.get(CREATE).context["form"]["nonce"].value())

    for prompt in ("A paper boat", "A paper crane"):
        client.post(CREATE, CHOICES | {"prompt": prompt, "nonce": nonce})

    assert Generation.objects.count() == 2


def test_every_page_and_every_form_without_a_nonce_is_its_own(client: Client) -> None:
    nonces = [client.get(CREATE).context["form"]["nonce"].value() for _ in range(2)]
    for _ in range(2):
        client.post(CREATE, CHOICES | {"prompt": "A paper boat"})

    assert nonces[0] != nonces[1]
    assert Generation.objects.count() == 2


def test_a_form_that_was_refused_may_be_sent_again_as_it_is(client: Client, artist: Artist) -> None:
    nonce = str(client.get(CREATE).context["form"]["nonce"].value())
    form = CHOICES | {"prompt": "A paper boat", "nonce": nonce}
    limit = Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=1)
    refused = client.post(CREATE, form)
    grant(limit, amount=100)

    assert refused.context["form"]["nonce"].value() == nonce
    assert client.post(CREATE, form).status_code == 302


def test_sizes_are_offered_wide_first(client: Client, video_model: VideoModel) -> None:
    for size in ("720x1280", "1080x1920"):
        video_model.rates.create(size=size, credits_per_second=2)

    offered = client.get(CREATE).context["form"].fields["size"].choices

    assert [size for size, _ in offered] == ["1920x1080", "1280x720", "1080x1920", "720x1280"]


@pytest.mark.parametrize(
    "prompt",
    ["شراع على بحر هادئ", "⛵️ 🌅 👩‍🚀", "<script>alert(1)</script>", "line\n\nline\tend"],
    ids=["right-to-left", "emoji", "html", "layout"],
)
def test_any_words_are_kept_as_they_are_and_shown_escaped(client: Client, prompt: str) -> None:
    client.post(CREATE, CHOICES | {"prompt": prompt})

    generation = Generation.objects.get()
    assert generation.prompt == prompt
    page = client.get(generation.get_absolute_url()).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"prompt": "   "}, "prompt", "Say what the video should show"),
        ({"prompt": "a" * 40_000}, "prompt", "at most 32000"),
        ({"prompt": "bell\x07"}, "prompt", "control characters"),
        ({"prompt": "null\x00"}, "prompt", "Null characters"),
        ({"size": "640x480"}, "size", "not one of the available choices"),
        ({"duration_seconds": "7"}, "duration_seconds", "not one of the available choices"),
        ({"duration_seconds": "many"}, "duration_seconds", "not one of the available choices"),
        ({"style": "oil"}, "style", "not one of the available choices"),
        ({"model": "gpt"}, "model", "not one of the available choices"),
        ({"seed": "-1"}, "seed", "greater than or equal to 0"),
        ({"seed": "4294967296"}, "seed", "less than or equal to 4294967295"),
        (
            {"first_image": SimpleUploadedFile("x.png", b"no image", "image/png")},
            "first_image",
            "image",
        ),
    ],
)
def test_bad_input_is_told_at_its_field_and_holds_nothing(
    client: Client, change: dict[str, Any], field: str, words: str
) -> None:
    answer = client.post(CREATE, CHOICES | {"prompt": "A paper boat"} | change)

    assert answer.status_code == 400
    said = " ".join(answer.context["form"].errors[field])
    assert words in said
    assert not Generation.objects.exists()
    assert not Reservation.objects.exists()


def test_an_image_over_the_cap_is_told_at_its_field(client: Client, settings: Any) -> None:
    settings.FIRST_IMAGE_MAX_BYTES = 50

    answer = client.post(CREATE, CHOICES | {"prompt": "A paper boat", "first_image": png()})

    assert "first_image" in answer.context["form"].errors
    assert not Generation.objects.exists()


def test_a_full_quota_is_told_on_the_page_with_what_was_written_kept(
    client: Client, make_artist: Callable[..., Artist]
) -> None:
    client.force_login(make_artist("Poor", credits=5))

    answer = client.post(CREATE, CHOICES | {"prompt": "A long and careful prompt"})

    page = answer.content.decode()
    assert "5 of 5 are left" in page
    assert "A long and careful prompt" in page


def test_a_budget_that_is_used_up_is_told_before_and_after_one_presses(client: Client) -> None:
    """I3: without a figure of the programme's money."""
    Rate.objects.update(provider_price=1250)
    Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=4999)

    before = client.get(reverse("generations:quote"), CHOICES).content.decode()
    after = client.post(CREATE, CHOICES | {"prompt": "A paper boat"}).content.decode()

    for page in (before, after):
        assert "The programme&#x27;s budget for this month is used up" in page
        assert "It begins anew on" in page
        assert "USD" not in page
    assert not Generation.objects.exists()


def test_the_page_shows_every_window_as_a_meter(client: Client, artist: Artist) -> None:
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=50)
    Limit.objects.create(period=Limit.Period.MONTH, ceiling=9000)

    page = client.get(CREATE).content.decode()

    assert [page.count(f"of {ceiling} credits free") for ceiling in (50, 1000, 9000)] == [1, 1, 1]


def test_the_price_follows_what_is_chosen(client: Client) -> None:
    answer = client.get(reverse("generations:quote"), CHOICES | {"size": "1920x1080"})

    assert answer.context["quote"].price == 16
    assert "Leaves 984 of 1000" in " ".join(answer.content.decode().split())


def test_a_half_chosen_clip_has_no_price_yet(client: Client) -> None:
    answer = client.get(reverse("generations:quote"), {"model": "sketch-1", "size": "1x1"})

    assert answer.context["quote"] is None


def test_another_video_model_brings_its_own_options_and_keeps_what_fits(
    client: Client, video_model: VideoModel
) -> None:
    other = VideoModel.objects.create(
        name="lab-1",
        title="Lab 1",
        description="The lab's own.",
        provider="sketch",
        native_name="lab",
        durations=[6, 8],
    )
    other.rates.create(size="1920x1080", credits_per_second=9)

    answer = client.get(
        reverse("generations:model_options"),
        CHOICES | {"model": "lab-1", "duration_seconds": "8"},
    )

    form = answer.context["form"]
    assert [value for value, _ in form.fields["size"].choices] == ["1920x1080"]
    assert str(form["duration_seconds"].value()) == "8"
    assert not form.fields["style"].choices


def test_a_remix_begins_with_its_parents_words_and_keeps_the_lineage(
    client: Client, make_generation: Callable[..., Generation]
) -> None:
    parent = make_generation("The first words", style="neon", seed=5)
    page = client.get(CREATE, {"remix": str(parent.pk)})
    assert page.context["form"]["prompt"].value() == "The first words"
    assert page.context["form"]["style"].value() == "neon"

    client.post(f"{CREATE}?remix={parent.pk}", CHOICES | {"prompt": "Other words"})

    assert Generation.objects.get(prompt="Other words").parent == parent


def test_nobody_remixes_another_artists_work(
    client: Client, make_generation: Callable[..., Generation], other_artist: Artist
) -> None:
    """I7"""
    theirs = make_generation(by=other_artist)

    assert client.get(CREATE, {"remix": str(theirs.pk)}).status_code == 404
    assert client.get(CREATE, {"remix": "no id"}).status_code == 200


def test_the_page_says_what_the_sketch_model_is(client: Client) -> None:
    assert "procedural sketch, no generative model" in client.get(CREATE).content.decode()


def test_the_page_takes_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(CREATE)

    with django_assert_max_num_queries(12):
        client.get(CREATE)


def test_without_any_video_model_the_page_still_stands(client: Client) -> None:
    VideoModel.objects.update(is_enabled=False)

    assert client.get(CREATE).status_code == 200


def test_who_has_too_little_left_reads_what_it_is_enough_for(
    client: Client, artist: Artist
) -> None:
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=9)

    answer = client.get(reverse("generations:quote"), CHOICES | {"size": "1920x1080"})

    assert "What is left is enough for: 720p wide, 4 s (8 credits)." in answer.text


@pytest.mark.parametrize(
    ("spent", "words"),
    [(79, None), (80, "Nearly used up"), (99, "Nearly used up"), (100, "Used up")],
)
def test_a_limit_says_in_words_that_it_is_nearly_used_up(
    client: Client, artist: Artist, spent: int, words: str | None
) -> None:
    limit = Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=100)
    grant(limit, amount=100)
    limit.windows.update(spent=spent)

    for address in (CREATE, reverse("home")):
        said = re.findall(
            r'class="quota-level">(?s:.*?)<span>(.*?)</span>', client.get(address).text
        )
        assert said == ([words] if words else [])
