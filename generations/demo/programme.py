"""The demo's small programme: two cohorts, six people, one video model."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from artists.admissions.services import join
from artists.models import Artist, Cohort, Limit, Terms
from artists.quotas.ceilings import grant, raise_for_a_time
from artists.roles.services import MANAGER, REVIEWER, set_roles
from artists.terms.services import accept, owed_by
from artists.terms.writing import draft_of, last_published, publish, save_draft
from generations.checks.writing import Wording, make_rule
from generations.models import CheckRule, Ground, Rate, VideoModel
from generations.models.video_model import SourceType
from generations.sketch.offer import MODEL, NOTICE, SECONDS, SIZES, STYLES
from portal.money import PARTS

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
BUDGET = 50 * PARTS
PRICES = {False: PARTS // 20, True: PARTS // 8}  # what a provider might bill: by full HD or not


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
    _offer_sketch()
    people = {name: _person(name, *facts) for name, facts in PEOPLE.items()}
    _set_limits(people, spring=spring)
    _agree_on_terms(people)
    _make_rules(people["mina"])
    return people


def _make_rules(manager: Artist) -> None:
    """A rule that refuses and one that flags, where the programme has none yet."""
    if CheckRule.objects.exists():
        return
    grounds = Ground.objects.in_force()
    make_rule(
        Wording(
            title="Real people without their leave",
            kind=CheckRule.Kind.PERSON,
            text="Charlie Chaplin\nЧарли Чаплин\nチャーリー・チャップリン",  # noqa: RUF001
            ground=grounds.get(code="rights"),
            action=CheckRule.Action.REFUSE,
        ),
        by=manager,
    )
    make_rule(
        Wording(
            title="Cruelty",
            kind=CheckRule.Kind.WORDS,
            text="gore\nbehead*\ntorture*",
            ground=grounds.get(code="safety"),
            action=CheckRule.Action.FLAG,
        ),
        by=manager,
    )


def _agree_on_terms(people: dict[str, Artist]) -> None:
    """The samples, published and in force; everybody has accepted them."""
    for kind in Terms.Kind:
        if last_published(kind) is None:
            draft = draft_of(kind)
            kept = save_draft(draft, draft.text, seen=draft.sha256)
            publish(kept, seen=kept.sha256, notice_days=0, by=people["mina"])
    for person in people.values():
        accept(artist=person, terms=owed_by(person))


def _set_limits(people: dict[str, Artist], *, spring: Cohort) -> None:
    """What its manager decided: a cohort's month, the programme's budget, more for one artist."""
    month = Limit.Period.MONTH
    manager = people["mina"]
    if not Limit.objects.filter(cohort=spring).exists():
        of_cohort = Limit(cohort=spring, period=month)
        grant(of_cohort, amount=6000, by=manager, reason="The residency of this spring")
    if not Limit.objects.filter(unit=Limit.Unit.MONEY).exists():
        budget = Limit(period=month, unit=Limit.Unit.MONEY)
        grant(budget, amount=BUDGET, by=manager, reason="Agreed with the studio for each month")
    day = people["ines"].limits.get(period=Limit.Period.DAY)
    if not day.raises.exists():
        now = timezone.now()
        raise_for_a_time(
            day,
            extra=100,
            starts_at=now,
            ends_at=now + timedelta(days=5),
            by=manager,
            reason="Her film is shown at the end of the week",
        )


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
            "source_type": SourceType.ALGORITHMIC,
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
            Rate(
                video_model=model,
                size=size,
                credits_per_second=4 if is_large else 2,
                provider_price=PRICES[is_large],
            )
            for size, (width, height) in SIZES.items()
            for is_large in [width * height >= FULL_HD_PIXELS]
        )
