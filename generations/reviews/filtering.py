"""What a reviewer narrows the queue down to."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from artists.models import Artist
from generations.models import Review
from generations.models.review import ReviewQuerySet
from generations.models.tally import Sort

STATES = [
    ("", "All that is open"),
    (Review.Status.WAITING.value, Review.Status.WAITING.label),
    (Review.Status.CLAIMED.value, Review.Status.CLAIMED.label),
    (Review.Status.DECIDED.value, Review.Status.DECIDED.label),
    (Review.Status.CLOSED.value, Review.Status.CLOSED.label),
]

# The fields that the tallies know about, and the columns that they narrow down.
TALLIED = {
    "state": "status",
    "kind": "kind",
    "cohort": "cohort",
    "model": "video_model",
    "level": "level",
    "flagged": "is_flagged",
}


class QueueFilter(forms.Form):
    """Fields that each narrow the queue; what is left empty does not."""

    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *Review.Kind.choices]
    )
    cohort = forms.ChoiceField(label="Cohort", required=False)
    model = forms.ChoiceField(label="Video model", required=False)
    level = forms.ChoiceField(
        label="Who decides", required=False, choices=[("", "Anybody"), *Review.Level.choices]
    )
    flagged = forms.BooleanField(label="Flagged", required=False)
    mine = forms.BooleanField(label="Mine", required=False)
    overdue = forms.BooleanField(label="Overdue", required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        cohorts: Iterable[tuple[int, str]],
        models: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        self._offer("cohort", [("", "All cohorts"), *_keys(cohorts)])
        self._offer("model", [("", "All video models"), *_keys(models)])

    def _offered(self, name: str) -> list[tuple[str, str]]:
        return [(key, label) for key, label in cast("Any", self.fields[name]).choices]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def is_of_closed(self) -> bool:
        return self.asked.get("state") == Review.Status.CLOSED

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What is asked for, without what is left empty or is nothing that can be asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def querystring(self) -> str:
        """The same once more, as an address and a saved view have it."""
        asked = QueryDict(mutable=True)
        for name, value in self.asked.items():
            asked[name] = "on" if value is True else value
        return asked.urlencode()

    def rows(self, reviewer: Artist, *, in_hands: Collection[UUID]) -> ReviewQuerySet:
        """What the reviewer sees of it, in the order of its pages; nothing of a mistaken filter.

        `in_hands` are the keys of what is theirs just now.
        """
        if not self.is_valid():
            return Review.objects.none()
        asked = self.asked
        shown = Review.objects.shown_to(reviewer) if self.is_of_closed else _open(reviewer)
        if self.is_of_closed:
            shown = shown.filter(status=Review.Status.CLOSED).order_by("-closed_at", "-pk")
        elif "state" in asked:
            shown = shown.filter(status=asked["state"])
        for name, column in TALLIED.items():
            if name in asked and name != "state":
                shown = shown.filter(**{column: asked[name]})
        if "mine" in asked:
            own = {"claimed_by": reviewer} if self.is_of_closed else {"pk__in": in_hands}
            shown = shown.filter(**own)
        if "overdue" in asked and not self.is_of_closed:
            shown = shown.filter(due_at__lt=timezone.now())
        return shown

    def counts(self, sort: Sort, *, but: str = "") -> bool:
        """Whether reviews of a sort are among what is asked for, but for one of the fields."""
        asked = self.asked
        return all(
            name == but or str(getattr(sort, column)) == str(asked[name])
            for name, column in TALLIED.items()
            if name in asked
        )

    def tell_counts(self, counts: Mapping[Sort, int]) -> None:
        """Say beside each choice how many there are of it, with all else that is asked for."""
        for name in ("state", "kind", "cohort", "model", "level"):
            of_each = Counter[str]()
            for sort, count in counts.items():
                if self.counts(sort, but=name):
                    of_each[str(getattr(sort, TALLIED[name]))] += count
            self._offer(
                name,
                [
                    (key, f"{label} ({max(0, of_each[key])})" if key in of_each else label)
                    for key, label in self._offered(name)
                ],
            )


def _open(reviewer: Artist) -> ReviewQuerySet:
    return Review.objects.open().exclude(artist=reviewer)


def _keys(named: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in named]
