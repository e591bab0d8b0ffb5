"""What stands above the queue: how many there are of each sort, from the tallies."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Value
from django.http import QueryDict
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.models import Review, SavedView, Tally, VideoModel
from generations.models.tally import Sort
from generations.reviews.filtering import QueueFilter

MOST_COUNTED = 99
IN_HANDS_MOST = 200

Named = list[tuple[int, str]]


@dataclass(frozen=True)
class View:
    """One way to look at the queue, and how many there are in it, where that is known."""

    name: str
    querystring: str
    count: str = ""
    id: int | None = None  # of one that the reviewer saved


@dataclass(frozen=True)
class Choices:
    """What a reviewer can choose from: read together, in one query."""

    cohorts: Named
    models: Named
    saved: list[SavedView]

    @classmethod
    def of(cls, reviewer: Artist) -> "Choices":
        cohorts = Cohort.objects.values_list(Value("cohort"), "pk", "name", Value(""))
        models = VideoModel.objects.values_list(Value("model"), "pk", "title", Value(""))
        views = SavedView.objects.filter(reviewer=reviewer)
        saved = views.values_list(Value("view"), "pk", "name", "querystring")
        found = sorted(cohorts.order_by().union(models.order_by(), saved, all=True), key=_by_name)
        return cls(
            cohorts=[(key, name) for what, key, name, _ in found if what == "cohort"],
            models=[(key, name) for what, key, name, _ in found if what == "model"],
            saved=[
                SavedView(pk=key, name=name, querystring=querystring)
                for what, key, name, querystring in found
                if what == "view"
            ],
        )

    def filter(self, asked: QueryDict) -> QueueFilter:
        return QueueFilter(asked, cohorts=self.cohorts, models=self.models)


def _by_name(row: tuple[str, int, str, str]) -> str:
    return row[2].casefold()


@dataclass(frozen=True)
class Glance:
    """The counts of one moment, without the reviewer's own works."""

    counts: dict[Sort, int]
    version: str
    in_hands: list[UUID]
    overdue: int

    @classmethod
    def of(cls, reviewer: Artist) -> "Glance":
        counts, version = Tally.objects.read()
        near = Review.objects.near(reviewer).values_list("pk", "artist", *Sort._fields)
        in_hands = []
        for review_id, artist_id, *sort in near[:IN_HANDS_MOST]:
            if artist_id == reviewer.pk:
                counts[Sort(*sort)] = counts.get(Sort(*sort), 0) - 1
            else:
                in_hands.append(review_id)
        overdue = Review.objects.filter(closed_at=None, due_at__lt=timezone.now())
        late = overdue.exclude(artist=reviewer)[: MOST_COUNTED + 1].count()
        return cls(counts, version, in_hands, late)

    def count(self, asked: Callable[[Sort], bool]) -> int:
        return max(0, sum(count for sort, count in self.counts.items() if asked(sort)))

    @property
    def usual(self) -> list[View]:
        """The views that come with the product."""
        return [
            View("Open", "", str(self.count(lambda _: True))),
            View("Mine", "mine=on", _bounded(len(self.in_hands))),
            View("Overdue", "overdue=on", _bounded(self.overdue)),
            View("Flagged", "flagged=on", str(self.count(lambda sort: sort.is_flagged))),
        ]

    def views(self, choices: Choices) -> list[View]:
        """Those that come with the product, and then the reviewer's own."""
        return self.usual + [self._saved(view, choices) for view in choices.saved]

    def _saved(self, view: SavedView, choices: Choices) -> View:
        form = choices.filter(QueryDict(view.querystring))
        return View(view.name, view.querystring, self.count_of(form), view.pk)

    def count_of(self, form: QueueFilter) -> str:
        """How many are asked for; nothing where the tallies do not tell."""
        if form.errors or form.is_of_closed or {"mine", "overdue"} & form.asked.keys():
            return ""
        return str(self.count(form.counts))


def _bounded(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
