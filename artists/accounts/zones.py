"""Time zones that people choose from: places of the IANA list."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from artists.models import Artist

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def zones() -> frozenset[str]:
    places = (name for name in available_timezones() if name.split("/")[0] in REGIONS)
    return frozenset(places) | {"UTC"}


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices of a form, by region: each a name and how people read it."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(zones()):
        region, _, place = name.partition("/")
        regions.setdefault(region if place else "Everywhere", []).append(
            (name, place.replace("_", " ").replace("/", ", ") or name)
        )
    return list(regions.items())


def zone_of(artist: Artist) -> ZoneInfo | None:
    """Return the time zone that somebody chose; None for the programme's."""
    return ZoneInfo(artist.time_zone) if artist.time_zone in zones() else None
