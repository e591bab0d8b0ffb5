"""What a prompt asks for: the scene, its hour, weather, subjects, accent colour and camera."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

EDITION: Final = "sketch-1.0"
"""Part of every seed: a change that alters frames raises it, so old prompts may look new."""

SCENES: Final[Mapping[str, str]] = {
    "space": "space|galax|nebula|planet|cosmos|cosmic|astronaut|orbit|universe|asteroid",
    "city": "cit(y|ies)|street|skyline|skyscraper|tokyo|new york|paris|london|urban|rooftop|metro"
    "|building|downtown|alley|town\\b",
    "ocean": "ocean|sea\\b|seas\\b|seaside|wave|sail|ship|boat|lake|harbou?r|whale|dolphin|beach"
    "|water\\b|river|island|coast|shore|lighthouse|cliff|bay\\b|fjord|pier",
    "desert": "desert|dune|sand|mars\\b|camel|canyon|sahara|oasis|pyramid",
    "forest": "forest|woods?\\b|woodland|jungle|pines?\\b|grove|fox|deer|stag|wolf|bear\\b|owl",
    "meadow": "meadow|field|garden|grass|flower|prairie|farm|wheat|poppy|poppies|lavender|steppe"
    "|savanna|pasture|countryside|horse|sheep|windmill|kite",
    "mountain": "mountain|peak|alp|hill|valley|snowy|village|train|railway|castle|cabin|balloon"
    "|himalaya|glacier|volcano|temple|pagoda|monastery",
    "abstract": "abstract|dream|music|feeling|liquid|smoke|fluid|paint|emotion|thought|memory"
    "|silence|time\\b|love|chaos|energy",
}
HOURS: Final[Mapping[str, str]] = {
    "dawn": "dawn|sunrise|morning|daybreak|first light",
    "day": "day\\b|daylight|noon|sunny|bright|summer|blue sky|afternoon",
    "dusk": "dusk|sunset|evening|golden|autumn|amber|twilight|last light",
    "night": "night|midnight|moon|stars?\\b|starry|dark|aurora|northern lights|neon|lantern"
    "|firefl|bonfire",
}
WEATHERS: Final[Mapping[str, str]] = {
    "snow": "snow|winter|blizzard|frost|ice\\b|icy",
    "rain": "rain|storm|drizzle|wet\\b|downpour|monsoon",
    "fireflies": "firefl|magic|fairy|enchanted",
    "embers": "fires?\\b|bonfire|ember|spark|volcano|lava",
    "petals": "petal|blossom|sakura|cherry|confetti",
}
SUBJECTS: Final[Mapping[str, str]] = {
    "balloons": "balloon",
    "birds": "bird|flock|crane|gull|seagull|swallow|crow|raven|geese|goose|heron|owl",
    "boat": "boat|sail|ship\\b|ships|yacht|canoe|gondola",
    "aurora": "aurora|northern light|polar light",
    "whale": "whale|dolphin|orca",
    "lighthouse": "lighthouse|beacon",
    "lanterns": "lantern",
    "train": "train\\b|trains|railway|locomotive",
    "cabin": "cabin|cottage|house\\b|home\\b|hut\\b|barn|village|farm",
    "castle": "castle|fortress|citadel|palace",
    "pagoda": "pagoda|temple|shrine|monastery",
    "windmill": "windmill|mill\\b",
    "lone_tree": "lone tree|single tree|a tree|old tree|oak|willow|olive tree|baobab|acacia"
    "|cherry tree",
    "traveller": "person|people|man\\b|woman|girl|boy\\b|child|kid\\b|traveller|traveler|wanderer"
    "|hiker|monk|figure|walker|lover|couple|dancer|knight|someone|stranger|artist",
    "deer": "deer|stag|elk|moose|antelope|fox|wolf|horse|dog\\b|camel",
    "moon": "moon",
}
HOME_OF: Final[Mapping[str, str]] = {
    "boat": "ocean",
    "whale": "ocean",
    "lighthouse": "ocean",
    "lanterns": "ocean",
    "balloons": "mountain",
    "train": "mountain",
    "castle": "mountain",
    "pagoda": "mountain",
    "cabin": "mountain",
    "windmill": "meadow",
    "lone_tree": "meadow",
    "traveller": "meadow",
    "deer": "forest",
}
"""Where a subject stands when the prompt names no place."""

ACCENTS: Final[Mapping[str, str]] = {
    "red": "#d13b32",
    "crimson": "#b3263c",
    "orange": "#ee7c2b",
    "yellow": "#f4c430",
    "gold": "#e9b44c",
    "green": "#3f9b63",
    "emerald": "#1f9d78",
    "teal": "#1f8f93",
    "turquoise": "#30c0bf",
    "blue": "#2f6fd0",
    "indigo": "#4b43b5",
    "violet": "#8a4fd0",
    "purple": "#8340b8",
    "pink": "#f07fae",
    "white": "#f5f2ea",
    "black": "#1c1a1e",
    "poppy": "#d9382c",
    "poppies": "#d9382c",
    "lavender": "#8d6bc4",
    "sunflowers": "#f2b632",
}
_MIST: Final = r"\b(?:mist|fog|haze|hazy|steam)"
_UNNAMED_SCENES: Final = ("mountain", "ocean", "forest", "meadow", "desert")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Brief:
    """One clip to be painted, in words the painters know."""

    prompt: str
    style: str
    seed: int
    width: int
    height: int
    frame_count: int
    frames_per_second: int
    scene: str
    hour: str
    weather: str
    is_misty: bool
    subjects: tuple[str, ...]
    accent: str | None
    pan: float
    push: float

    @property
    def seconds(self) -> float:
        return self.frame_count / self.frames_per_second

    def random(self, purpose: str) -> np.random.Generator:
        """An own stream of numbers for each purpose: what one painter draws moves no other."""
        return _random(self.prompt, self.style, self.seed, purpose)


def read_prompt(
    prompt: str,
    *,
    style: str,
    seed: int,
    width: int,
    height: int,
    frame_count: int,
    frames_per_second: int,
) -> Brief:
    """Read a prompt; what it leaves open is drawn from prompt, style and seed."""
    text = _SPACES.sub(" ", prompt.strip().lower())
    rng = _random(prompt, style, seed, "reading")
    any_scene = str(rng.choice(_UNNAMED_SCENES))
    any_hour = str(rng.choice(("dawn", "day", "dusk", "night")))
    any_way = 1.0 if rng.random() < 0.5 else -1.0
    pace = float(rng.uniform(0.8, 1.2))

    subjects = tuple(_named(SUBJECTS, text))
    scenes = _named(SCENES, text)
    homes = [HOME_OF[subject] for subject in subjects if subject in HOME_OF]
    scene = (scenes or homes or [any_scene])[0]
    hour = "night" if scene == "space" else (_named(HOURS, text) or [any_hour])[0]
    weather = (_named(WEATHERS, text) or [""])[0]
    return Brief(
        prompt=prompt,
        style=style,
        seed=seed,
        width=width,
        height=height,
        frame_count=frame_count,
        frames_per_second=frames_per_second,
        scene=scene,
        hour=hour,
        weather=weather,
        is_misty=re.search(_MIST, text) is not None,
        subjects=subjects,
        accent=next((ACCENTS[name] for name in _first_words(ACCENTS, text)), None),
        pan=_direction(text, any_way) * pace,
        push=_push(text),
    )


def _random(prompt: str, style: str, seed: int, purpose: str) -> np.random.Generator:
    source = "\x1f".join((EDITION, prompt.strip().lower(), style, str(seed), purpose))
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def _named(table: Mapping[str, str], text: str) -> list[str]:
    """The table's keys that the text names, in the order of their first mention."""
    found = ((re.search(rf"\b(?:{pattern})", text), key) for key, pattern in table.items())
    return [key for at, key in sorted((m.start(), key) for m, key in found if m)]


def _first_words(table: Mapping[str, str], text: str) -> list[str]:
    return _named({key: rf"{key}\b" for key in table}, text)


def _direction(text: str, otherwise: float) -> float:
    if re.search(r"\bstatic|locked|still camera|no camera", text):
        return 0.0
    if re.search(r"\bleft", text):
        return -1.0
    if re.search(r"\bright\b", text):
        return 1.0
    return otherwise


def _push(text: str) -> float:
    """How far the camera goes in (above 0) or out over the clip, as a share of the frame."""
    if re.search(r"\bzoom out|pull back|pulls back|pull out|dolly out", text):
        return -0.12
    if re.search(r"\bzoom|closer|towards?\b|dolly|push|approach|fly(ing)? (over|through)", text):
        return 0.12
    return 0.0
