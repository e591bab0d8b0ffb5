"""Managers' administration of video models: what they change stands in the trail."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from artists.roles.services import MANAGER, set_roles
from generations.models import Rate, VideoModel
from portal.audit import Event
from tests.second_factor import give_app

SKETCH = {
    "name": "sketch-1",
    "title": "Sketch 1",
    "description": "A procedural sketch, no generative model.",
    "provider": "sketch",
    "native_name": "sketch-1",
    "source_type": "algorithmicMedia",
    "durations": "[4, 5, 8, 10]",
    "styles": '["film", "watercolour", "neon", "ink"]',
    "takes_seed": "on",
    "takes_first_image": "on",
    "concurrency": "2",
    "is_enabled": "on",
    "rest_seconds": "0",
    "initial-durations": "[4, 5, 8, 10]",
    "initial-styles": '["film", "watercolour", "neon", "ink"]',
}


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    set_roles(manager, {MANAGER}, by=None)
    client.force_login(manager)
    return client


def rows(model: VideoModel, *forms: dict[str, Any]) -> dict[str, Any]:
    """Return the inline form of the rates: those that stand, then new ones."""
    rates = list(model.rates.order_by("pk"))
    data: dict[str, Any] = {
        "rates-TOTAL_FORMS": len(forms),
        "rates-INITIAL_FORMS": len(rates),
    }
    for number, form in enumerate(forms):
        key = {"id": rates[number].pk} if number < len(rates) else {}
        data |= {f"rates-{number}-{name}": value for name, value in (key | form).items()}
    return data


def test_a_change_of_a_video_model_and_of_its_rates_is_one_event(
    browser: Client, manager: Artist, video_model: VideoModel
) -> None:
    """I10"""
    changed = SKETCH | {"concurrency": "5"}
    rates = rows(
        video_model,
        {"size": "1920x1080", "credits_per_second": 6, "provider_price": "0.125"},
        {"size": "1280x720", "credits_per_second": 2, "DELETE": "on"},
        {"size": "720x1280", "credits_per_second": 1},
    )

    answer = browser.post(
        reverse("admin:generations_videomodel_change", args=[video_model.pk]), changed | rates
    )

    assert answer.status_code == 302, answer.context["errors"]
    assert set(Rate.objects.values_list("size", "credits_per_second")) == {
        ("1920x1080", 6),
        ("720x1280", 1),
    }
    event = Event.objects.latest()
    assert (event.verb, event.actor_id) == ("videomodel.changed", manager.pk)
    assert (event.subject_type, event.subject_id) == (
        "generations.videomodel",
        str(video_model.pk),
    )
    assert event.facts == {
        "before": {"concurrency": 2},
        "after": {"concurrency": 5},
        "rate": [
            {
                "change": "changed",
                "size": "1920x1080",
                "credits_per_second": 6,
                "provider_price": 1250,
                "before": {"credits_per_second": 4, "provider_price": None},
            },
            {
                "change": "removed",
                "size": "1280x720",
                "credits_per_second": 2,
                "provider_price": None,
            },
            {
                "change": "made",
                "size": "720x1280",
                "credits_per_second": 1,
                "provider_price": None,
            },
        ],
    }


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("", None, None),
        ("0", 0, "0.00"),
        ("0.05", 500, "0.05"),
        ("12.3456", 123_456, "12.3456"),
    ],
)
def test_a_providers_price_is_typed_and_shown_in_money(
    browser: Client, video_model: VideoModel, typed: str, kept: int | None, shown: str | None
) -> None:
    address = reverse("admin:generations_videomodel_change", args=[video_model.pk])
    first = {"size": "1920x1080", "credits_per_second": 4, "provider_price": typed}
    second = {"size": "1280x720", "credits_per_second": 2}

    browser.post(address, SKETCH | rows(video_model, first, second))

    assert Rate.objects.get(size="1920x1080").provider_price == kept
    form = browser.get(address).context["inline_admin_formsets"][0].formset.forms[0]
    value = form["provider_price"].value()
    assert (None if value is None else str(value)) == shown


def test_a_price_of_a_provider_finer_than_the_ledger_is_refused(
    browser: Client, video_model: VideoModel
) -> None:
    address = reverse("admin:generations_videomodel_change", args=[video_model.pk])
    first = {"size": "1920x1080", "credits_per_second": 4, "provider_price": "0.00001"}

    answer = browser.post(address, SKETCH | rows(video_model, first))

    assert answer.status_code == 200
    assert Rate.objects.get(size="1920x1080").provider_price is None


def test_a_video_model_is_switched_off_and_not_deleted(
    client: Client, video_model: VideoModel
) -> None:
    root = Artist.objects.create_superuser("root@example.org")
    give_app(root)
    client.force_login(root)

    address = reverse("admin:generations_videomodel_delete", args=[video_model.pk])

    assert client.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("durations", 5),
        ("durations", [True]),
        ("durations", ["4"]),
        ("durations", [61]),
        ("styles", None),
        ("styles", 5),
        ("styles", [1, {}]),
        ("styles", [""]),
    ],
)
def test_a_video_model_takes_lists_of_the_right_things_alone(
    video_model: VideoModel, field: str, value: object
) -> None:
    setattr(video_model, field, value)

    with pytest.raises(ValidationError) as refusal:
        video_model.full_clean()

    assert field in refusal.value.message_dict


def test_a_parameter_that_the_provider_does_not_know_is_refused_at_its_field(
    browser: Client, video_model: VideoModel
) -> None:
    """A path on the provider's own disk, for instance, is never sent."""
    address = reverse("admin:generations_videomodel_change", args=[video_model.pk])
    changed = SKETCH | {"extras": '{"output_path": "/etc"}'}

    answer = browser.post(address, changed | rows(video_model))

    assert "not output_path" in answer.content.decode()
    video_model.refresh_from_db()
    assert video_model.extras == {}


def test_a_manager_ends_the_rest_of_a_video_model(browser: Client, video_model: VideoModel) -> None:
    """I10"""
    for _ in range(3):
        VideoModel.objects.note_failure(video_model.pk)
    chosen = {"action": "end_rest", "_selected_action": [video_model.pk]}

    browser.post(reverse("admin:generations_videomodel_changelist"), chosen)

    video_model.refresh_from_db()
    assert (video_model.is_resting, video_model.is_failing) == (False, False)
    assert Event.objects.filter(verb="videomodel.rest_ended").count() == 1


@pytest.mark.parametrize("field", ["durations", "styles"])
@pytest.mark.parametrize(
    "text",
    [
        *('{"a": 1}', '"abc"', "[4.5]", "[true]", '[4, "8"]', "null", "[4,", "[NaN]", "[1e999]"),
        *("[" * 100_000, "9" * 5000, '["half a pair \\ud800"]'),
    ],
)
def test_what_is_no_list_of_the_right_things_is_refused_in_the_form(
    browser: Client, video_model: VideoModel, field: str, text: str
) -> None:
    before = getattr(video_model, field)
    rates = rows(
        video_model,
        {"size": "1920x1080", "credits_per_second": 4},
        {"size": "1280x720", "credits_per_second": 2},
    )

    page = browser.post(
        reverse("admin:generations_videomodel_change", args=[video_model.pk]),
        SKETCH | {field: text} | rates,
    )

    assert list(page.context["adminform"].form.errors) == [field]
    video_model.refresh_from_db()
    assert getattr(video_model, field) == before
