"""The demo's small programme: two cohorts, six people, one video model."""

from django.db import transaction

from artists.access.roles import MANAGER, REVIEWER, set_roles
from artists.admissions.services import join
from artists.models import Artist, Cohort, Limit
from generations.models import Rate, VideoModel
from generations.sketch.offer import MODEL, NOTICE, SECONDS, SIZES, STYLES

DOMAIN = "demo.greenroom.invalid"  # nobody receives mail there
PEOPLE = {  # name → credit name, cohort, role
    "ines": ("Inés Marlowe", "Spring residency", ""),
    "tomo": ("Tomo Okafor", "Spring residency", ""),
    "vera": ("Vera Lindqvist", "Studio partners", ""),
    "rosa": ("Rosa Adeyemi", None, REVIEWER),
    "paul": ("Paul Castellan", None, REVIEWER),
    "mina": ("Mina Haddad", None, MANAGER),
}
FULL_HD_PIXELS = 1920 * 1080


def fill_in() -> dict[str, Artist]:
    """Make whatever of the programme is missing, and return its people by name."""
    spring, _ = Cohort.objects.get_or_create(
        name="Spring residency",
        defaults={"artist_day_credits": 400, "artist_total_credits": 4000},
    )
    Cohort.objects.get_or_create(
        name="Studio partners",
        defaults={"artist_month_credits": 2000, "running_cap": 3, "queued_cap": 40},
    )
    Limit.objects.get_or_create(
        cohort=spring, period=Limit.Period.MONTH, defaults={"ceiling": 6000}
    )
    _offer_sketch()
    return {name: _person(name, *facts) for name, facts in PEOPLE.items()}


@transaction.atomic
def _person(name: str, credit_name: str, cohort_name: str | None, role: str) -> Artist:
    email = f"{name}@{DOMAIN}"
    artist = Artist.objects.filter(email=email).first()
    if artist is not None:
        return artist
    cohort = Cohort.objects.get(name=cohort_name) if cohort_name else None
    artist = Artist.objects.create_user(email, credit_name=credit_name)
    join(artist, cohort)
    if role:
        set_roles(artist, [role], by=None)
    return artist


def _offer_sketch() -> None:
    model, is_new = VideoModel.objects.get_or_create(
        name=MODEL,
        defaults={
            "title": "Sketch 1",
            "description": f"{NOTICE[0].upper()}{NOTICE[1:]}.",
            "provider": "sketch",
            "native_name": MODEL,
            "durations": list(SECONDS),
            "styles": list(STYLES),
            "takes_seed": True,
            "takes_first_image": True,
            "concurrency": 2,
        },
    )
    if is_new:
        Rate.objects.bulk_create(
            Rate(video_model=model, size=size, credits_per_second=4 if is_large else 2)
            for size, (width, height) in SIZES.items()
            for is_large in [width * height >= FULL_HD_PIXELS]
        )
