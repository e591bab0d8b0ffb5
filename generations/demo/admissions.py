"""The demo's admissions: a round that is open, and five applications in it, of invented people."""

from datetime import timedelta
from uuid import NAMESPACE_DNS, uuid5

from django.utils import timezone

from artists.applications.deciding import Verdict, decide
from artists.applications.reading import score
from artists.applications.services import Answers, apply, find_application
from artists.models import Application, Artist, Cohort, Round, Score

DOMAIN = "demo.greenroom.invalid"  # nobody receives mail there
ROUND = "Summer residency, first round"
NETWORKS = {"lior": 1, "sunniva": 2, "mateo": 3, "asha": 4, "asha+films": 4}
APPLICANTS = (
    (
        ("Lior Amari", "lior", "Morocco", "Africa/Casablanca", "puppetry, stop motion"),
        "I carve heads out of driftwood and film them by hand, twelve pictures a second.",
        "A market at night in which only the lamps move, and the puppets watch them.",
    ),
    (
        ("Sunniva Dahl", "sunniva", "Norway", "Europe/Oslo", "dance, film"),
        "Ten years on stage, the last four of them behind a camera as well.",
        "A duet between a dancer and her own shadow that is one beat too late.",
    ),
    (
        ("Mateo Irigoyen", "mateo", "Uruguay", "America/Montevideo", "poetry, typography"),
        "I set poems in lead, print them, and let them weather on walls.",
        "Letters that drift off a page like birds, and come back as another poem.",
    ),
    (
        ("Asha Venkat", "asha", "India", "Asia/Kolkata", "animation, sound"),
        "My films begin with a recording: rain on tin, a loom, a kettle.",
        "A kitchen drawn by its sounds alone, each one a colour that stays for a breath.",
    ),
    (
        ("Asha Venkat", "asha+films", "India", "Asia/Kolkata", "animation"),
        "I sent this a second time, as I was not sure that the first had arrived.",
        "A kitchen drawn by its sounds alone.",
    ),
)
POINTS = {"lior": (4, 5, 5, 3), "sunniva": (5, 4, 3, 4), "mateo": (3, 4, 4, 4)}


def fill_in_admissions(people: dict[str, Artist]) -> None:
    """Make what is missing: a round, its applications, what reviewers think, a waiting list."""
    now = timezone.now()
    cohort, _ = Cohort.objects.get_or_create(
        name="Summer residency",
        defaults={
            "starts_on": (now + timedelta(days=30)).date(),
            "ends_on": (now + timedelta(days=120)).date(),
            "places": 8,
            "artist_day_credits": 400,
            "artist_total_credits": 4000,
        },
    )
    round_, is_new = Round.objects.get_or_create(
        name=ROUND,
        defaults={
            "cohort": cohort,
            "opens_at": now - timedelta(days=3),
            "closes_at": now + timedelta(days=25),
            "places": 4,
        },
    )
    if not is_new:
        return
    applications = {facts[1]: _apply(round_, facts, *words) for facts, *words in APPLICANTS}
    for name, points in POINTS.items():
        for reader, change in (("rosa", 0), ("paul", -1)):
            scores = [
                Score(criterion=criterion, points=max(one + change, 1))
                for criterion, one in zip(Score.Criterion.values, points, strict=True)
            ]
            score(application=applications[name], reader=people[reader], scores=scores)
    decide(application=applications["mateo"], verdict=Verdict.WAITLIST, by=people["mina"])


def _apply(
    round_: Round, facts: tuple[str, str, str, str, str], statement: str, would_make: str
) -> Application:
    name, mailbox, country, time_zone, disciplines = facts
    answers = Answers(
        name=name,
        email=f"{mailbox}@{DOMAIN}",
        country=country,
        time_zone=time_zone,
        disciplines=disciplines,
        statement=statement,
        would_make=would_make,
        heard_from="A friend",
        links=(f"https://{mailbox.partition('+')[0]}.example/work",),
    )
    address = f"2001:db8:{NETWORKS[mailbox]}::7"  # of the networks for examples (RFC 3849)
    nonce = uuid5(NAMESPACE_DNS, f"{mailbox}.{DOMAIN}")
    secret = apply(round_=round_, answers=answers, form_nonce=nonce, address=address)
    application = find_application(secret)
    assert application is not None  # noqa: S101  (it was just made)
    return application
