"""Checking the audit trail: which events were changed, taken out, put in or moved (I10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.audit import BEGINNING, AuditHead, Event

NAMED_MAX = 100  # more are counted: to name them all, a forger could fill the memory


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the events from `first` to `last`, both included."""

    first: int
    last: int
    what: str

    def __str__(self) -> str:
        if self.first == self.last:
            return f"Event {self.first}: {self.what}."
        return f"Events {self.first}–{self.last}: {self.what}."


@dataclass(frozen=True)
class Trail:
    """What a reading of the trail found: how many events there are, and the hash of the last.

    `flaws` are in the order of the events; `unnamed` counts what was wrong beyond NAMED_MAX.
    """

    events: int
    sha256: str
    flaws: list[Flaw] = field(default_factory=list)
    unnamed: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.flaws


@dataclass
class Suspect:
    """An event whose hash does not follow from the one stored before it, `previous`.

    `earlier` is the hash stored one before that.
    """

    event: Event
    previous: str
    earlier: str

    def follows(self, previous: str, *, at: int) -> bool:
        """Say whether its hash is what this event would have as number `at`, after `previous`."""
        asked, self.event.sequence = self.event.sequence, at
        try:
            return self.event.hash_after(previous) == self.event.sha256
        finally:
            self.event.sequence = asked


def verify() -> Trail:
    """Read the trail from its first event on, without stopping those who append meanwhile.

    After a break it goes on from the hash that is stored in the broken row. Of suspects it then
    asks whether they were changed, have another number than they were written with, or are right
    after all, behind one that was changed.
    """
    reading = _Reading(AuditHead.newest())
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        reading.take(event)
    return reading.end(AuditHead.newest())


class _Reading:
    def __init__(self, head: AuditHead) -> None:
        self._head = head
        self._events, self._last = 0, 0
        self._sha256 = self._earlier = BEGINNING
        self._flaws: list[Flaw] = []
        self._suspects: dict[int, Suspect] = {}
        self._unnamed = 0

    def take(self, event: Event) -> None:
        """Hold the next event, by number, against the one before it and against the head."""
        self._events += 1
        at = event.sequence
        if at < 1:
            self._name(at, at, "put in before the first")
            return
        if at > self._last + 1:
            words = f"missing, so that nothing proves what event {at} says"
            self._name(self._last + 1, at - 1, words)
        elif event.hash_after(self._sha256) != event.sha256:
            self._suspect(event)
        if at == self._head.sequence and event.sha256 != self._head.sha256:
            self._name(at, at, "not the one that the head names")
        self._last, self._earlier, self._sha256 = at, self._sha256, event.sha256

    def end(self, head: AuditHead) -> Trail:
        """Judge what was read; `head` is read last, for others may have appended meanwhile."""
        if self._last < self._head.sequence:
            self._name(self._last + 1, self._head.sequence, "missing: the end is cut off")
        found = [*self._flaws, *_judge(self._suspects)]
        flaws = [flaw for flaw in found if flaw.first <= head.sequence]
        if self._last > head.sequence:
            flaws.append(Flaw(head.sequence + 1, self._last, "put in behind the head"))
        flaws.sort(key=lambda flaw: flaw.first)
        return Trail(self._events, self._sha256, flaws, self._unnamed)

    def _name(self, first: int, last: int, what: str) -> None:
        if len(self._flaws) < NAMED_MAX:
            self._flaws.append(Flaw(first, last, what))
        else:
            self._unnamed += last - first + 1

    def _suspect(self, event: Event) -> None:
        if len(self._suspects) < NAMED_MAX:
            self._suspects[event.sequence] = Suspect(event, self._sha256, self._earlier)
        else:
            self._unnamed += 1


def _judge(suspects: Mapping[int, Suspect]) -> Iterator[Flaw]:
    """Say of each suspect what became of it; of one that is right after all, nothing.

    `written` grows by what it proves: the hash that an event had under the number with which it
    was written, wherever it stands now.
    """
    written: dict[int, str] = {}
    found: dict[int, str] = {}

    def before(number: int) -> str:
        return written.get(number - 1, suspects[number].previous)

    def number_of(at: int, one: Suspect) -> int | None:
        """The number with which an event was written, as far as its hash proves it."""
        open_still = [n for n in suspects if n not in written and one.follows(before(n), at=n)]
        if not open_still and one.follows(written.get(at - 2, one.earlier), at=at - 1):
            return at - 1
        return next(iter(open_still), None)

    is_new = True
    while is_new:
        is_new = False
        for at, one in suspects.items():
            if at in found:
                continue
            number, was = number_of(at, one), one.event.hash_after(before(at))
            after = suspects.get(at + 1)
            if number is not None:
                found[at] = "" if number == at else f"moved here, it was event {number}"
                written[number] = one.event.sha256
            elif at not in written and after is not None and after.follows(was, at=at + 1):
                found[at], written[at] = "the hash in it was changed", was
            is_new = is_new or at in found
    for at in sorted(suspects.keys() | written.keys()):
        words = found.get(at, "put in" if at in written else "changed")
        if words:
            yield Flaw(at, at, words)
