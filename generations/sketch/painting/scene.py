"""A scene: its layers painted once, then a frame at a time."""

import cv2
import numpy as np

from .canvas import Canvas, Cutout
from .celestial import Stars, Sun
from .cosmos import Cosmos, Planet
from .cover import cover_land
from .land import Plan, raise_land
from .layer import Ground, Layer
from .mist import lay_mist
from .particles import weather_of
from .scenery import Composition, compose
from .sky import Projector, Sky
from .stage import Stage, View, look
from .styles import style_of
from .subjects.base import Actor, Fixture
from .subjects.cast import afloat, airborne, fixtures
from .water import Water


class Scene:
    """A prompt's picture: backdrop, layers of land, water, subjects, weather, finish."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._style = style_of(stage)
        self._canvas = Canvas(stage.width, stage.height)
        self._backdrop: Projector
        self._in_the_sky: list[Actor] = []
        self._behind: list[Layer] = []
        self._before: list[Layer] = []
        self._water: Water | None = None
        self._alive: list[Actor] = []
        self._airborne = airborne(stage, self._style)
        if stage.brief.scene in ("space", "abstract"):
            self._set_cosmos()
        else:
            self._set_landscape()
        self._afloat = afloat(stage, self._style)
        self._weather = weather_of(stage)

    def draw(self, frame: int) -> Canvas:
        stage, canvas = self._stage, self._canvas
        view = look(stage, frame)
        self._backdrop.show(canvas, view)
        self._draw_actors(self._in_the_sky, view)
        self._draw_layers(self._behind, view)
        mirrored = [*self._alive, *self._airborne]
        if self._water is not None:
            self._draw_actors(mirrored, view)
            self._water.draw(canvas, view)
            self._draw_actors(self._afloat, view)
        self._draw_layers(self._before, view)
        if self._water is None:
            self._draw_actors(mirrored, view)
        if self._weather is not None:
            self._weather.draw(canvas, view)
        _push_in(canvas, stage, view)
        self._style.finish(canvas, view)
        return canvas

    def _draw_actors(self, actors: list[Actor], view: View) -> None:
        for actor in actors:
            actor.draw(self._canvas, view)

    def _draw_layers(self, layers: list[Layer], view: View) -> None:
        """Back to front; nothing is drawn where a nearer layer hides it."""
        bottoms, hidden_from = [], float("inf")
        for layer in reversed(layers):
            bottoms.append(hidden_from)
            hidden_from = min(hidden_from, layer.hides_below)
        for layer, bottom in zip(layers, reversed(bottoms), strict=True):
            layer.draw(self._canvas, self._stage, view, bottom=bottom)

    def _set_cosmos(self) -> None:
        stage = self._stage
        cosmos = Cosmos(stage)
        self._backdrop = Projector(stage, cosmos)
        if stage.brief.scene == "space":
            if stage.brief.style not in ("ink", "watercolour"):
                self._in_the_sky.append(Stars(stage))
            self._in_the_sky.append(Planet(stage, cosmos.ramp))

    def _set_landscape(self) -> None:
        stage = self._stage
        self._backdrop = Projector(stage, Sky(stage))
        if stage.is_dark and stage.brief.style != "ink" and stage.brief.weather != "rain":
            self._in_the_sky.append(Stars(stage))
        self._in_the_sky.append(Sun(stage))
        composition = compose(stage)
        standing = _placed(fixtures(stage), composition)
        self._before = self._paint(composition, composition.before, standing, stage.height)
        end = stage.height if stage.shore is None else int(stage.shore)
        self._behind = self._paint(composition, composition.behind, standing, end)
        if stage.shore is not None:
            self._water = Water(stage, int(stage.shore))

    def _paint(
        self,
        composition: Composition,
        plans: tuple[Plan, ...],
        standing: dict[Plan, list[Fixture]],
        bottom: int,
    ) -> list[Layer]:
        """Paint from the nearest to the farthest: each only as far down as it will show."""
        stage = self._stage
        room = stage.height - stage.horizon
        layers: list[Layer] = []
        for index in range(len(plans) - 1, -1, -1):
            plan = plans[index]
            rng = stage.random(f"land {plan.nearness}")
            plan = Plan(**{**vars(plan), "base": plan.base * room / stage.span})
            headroom = max((f.height for f in standing.get(plans[index], ())), default=0.0)
            shape = raise_land(stage, plan, rng, bottom=bottom, headroom=headroom * stage.span)
            cover_land(stage, shape, plan, rng)
            for fixture in standing.get(plans[index], ()):
                fixture.build(stage, shape)
            hides = int(np.ceil(shape.ridge.max())) + 2
            colours = self._style.colour_land(shape)
            cutout = Cutout.of(colours, shape.opacity, solid=hides - shape.top)
            layer = Layer(cutout, shape.top, plan.depth, hides_below=hides)
            ground = Ground(layer, shape.ridge, plan.nearness)
            for fixture in standing.get(plans[index], ()):
                actor = fixture.enliven(stage, self._style, ground)
                if actor is not None:
                    self._alive.append(actor)
            layers.append(layer)
            if composition.mist > 0 and index > 0:
                row = float(np.median(shape.ridge)) - stage.span * 0.01
                thickness = composition.mist * (1.05 - 0.75 * plan.nearness)
                layers.append(lay_mist(stage, row=row, depth=plan.depth * 0.9, thickness=thickness))
            bottom = min(bottom, hides)
        return layers[::-1]


def _placed(standing: list[Fixture], composition: Composition) -> dict[Plan, list[Fixture]]:
    plans = (*composition.behind, *composition.before)
    placed: dict[Plan, list[Fixture]] = {}
    for fixture in standing:
        plan = min(plans, key=lambda plan: abs(plan.nearness - fixture.nearness))
        placed.setdefault(plan, []).append(fixture)
    return placed


def _push_in(canvas: Canvas, stage: Stage, view: View) -> None:
    """Move the camera in or out: the whole frame is enlarged about a point near the horizon."""
    push = stage.brief.push
    if not push:
        return
    share = view.share if push > 0 else 1 - view.share
    scale = 1 / (1 + abs(push) * share)
    for plane, centre_x, centre_y in (
        (canvas.y, stage.width / 2, stage.height * 0.55),
        (canvas.u, stage.width / 4, stage.height * 0.275),
        (canvas.v, stage.width / 4, stage.height * 0.275),
    ):
        matrix = np.array(
            [
                [scale, 0, centre_x * (1 - scale)],
                [0, scale, centre_y * (1 - scale)],
            ],
            np.float32,
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (plane.shape[1], plane.shape[0])
        plane[:] = cv2.warpAffine(plane, matrix, size, flags=flags)
