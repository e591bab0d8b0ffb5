"""Reserve, settle, refund, cancel, expire and raise in any order: two books agree.

The steps are the product's own, from a prompt to each of its ends; the second book is
tests.artists.quotas.book, which knows nothing of the database.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import time_machine
from django.conf import settings as site
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from artists.access.services import create_token
from artists.models import Artist, Cohort, LedgerEntry, Limit, Raise, Window
from artists.quotas.ceilings import end, end_raise, grant, raise_for_a_time, undo
from artists.quotas.checking import check_ledger
from artists.quotas.errors import QuotaExceeded, RaiseIsOver
from artists.quotas.late_costs import book_late_cost
from artists.quotas.services import refund, settle
from artists.quotas.windows import follow_raises, read_windows
from generations.models import Attempt, Generation, Rate, VideoModel
from generations.models.generation import Status
from generations.prompts.errors import TooLateToCancel
from generations.prompts.services import cancel, submit_prompt
from generations.providers.base import FailureKind
from generations.rendering import ending, sweeping
from tests.artists.quotas.book import (
    CREDITS,
    DAY,
    HOUR,
    MONEY,
    MONTH,
    TOTAL,
    Book,
    Claim,
    Extra,
    Rule,
    at_most,
)

START = datetime(2026, 3, 30, 20, tzinfo=UTC)  # two evenings before a month ends
PRICED, UNPRICED = "1280x720", "1920x1080"
PRICE = 1000
RULES = {
    "artist day": Rule(DAY, CREDITS, 70),
    "artist total": Rule(TOTAL, CREDITS, 120),
    "cohort month": Rule(MONTH, CREDITS, 80),
    "budget": Rule(MONTH, MONEY, 40_000),
    "token total": Rule(TOTAL, CREDITS, 30),
}
OF_EVERYBODY = ["artist day", "artist total", "cohort month", "budget"]

ENDS = ["cancel", "succeed", "fail", "refuse", "again"]

names = st.sampled_from(sorted(RULES))
costs = st.none() | st.integers(0, 12_000)


class Quota(RuleBasedStateMachine):
    """One artist with a token, in a cohort, in a programme with a budget."""

    generations = Bundle("generations")
    raises = Bundle("raises")

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.travel = time_machine.travel(START, tick=False)
        self.clock = self.travel.start()
        self.book = Book({name: Rule(one.period, one.unit, None) for name, one in RULES.items()})
        self.claims: dict[UUID, Claim] = {}
        self._make_programme()

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def _make_programme(self) -> None:
        cohort = Cohort.objects.create(name="Machine", queued_cap=10_000)
        self.artist = Artist.objects.create_user("m@example.org", credit_name="M", cohort=cohort)
        self.manager = Artist.objects.create_user("boss@example.org", credit_name="Boss")
        self.token, _ = create_token(self.artist, "machine", 365)
        self.model = VideoModel.objects.create(
            name="machine", title="Machine", provider="sketch", durations=[4, 5, 8, 10]
        )
        for size, price in ((PRICED, PRICE), (UNPRICED, None)):
            Rate.objects.create(
                video_model=self.model, size=size, credits_per_second=2, provider_price=price
            )
        scopes: dict[str, dict[str, object]] = {
            "artist": {"artist": self.artist},
            "cohort": {"cohort": cohort},
            "token": {"token": self.token},
        }
        self.limits = {
            name: Limit(period=one.period, unit=one.unit, **scopes.get(name.partition(" ")[0], {}))
            for name, one in RULES.items()
        }
        for name, one in RULES.items():
            assert one.ceiling is not None
            self._set(name, one.ceiling)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def _set(self, name: str, ceiling: int | None) -> None:
        """Set a limit, or end it, and remember what it was."""
        limit, kept = self.limits[name], self.book.rules[name]
        if limit.pk:
            limit.refresh_from_db()
        if ceiling is None:
            end(limit, by=self.manager, reason="By the machine")
        else:
            grant(limit, amount=ceiling, by=self.manager, reason="By the machine")
        kept.history.append((LedgerEntry.objects.latest("pk").pk, kept.ceiling))
        kept.ceiling = ceiling

    # --- What an artist does

    @rule(
        target=generations,
        seconds=st.sampled_from([4, 5, 8, 10]),
        size=st.sampled_from([PRICED, UNPRICED]),
        by_token=st.booleans(),
        count=st.sampled_from([1, 12]),  # by twelve some limit is reached
    )
    def ask(self, seconds: int, size: str, by_token: bool, count: int) -> object:
        made = [self._ask(seconds, size, by_token=by_token) for _ in range(count)]
        return multiple(*(pk for pk in made if pk))

    def _ask(self, seconds: int, size: str, *, by_token: bool) -> UUID | None:
        amounts = {CREDITS: 2 * seconds, MONEY: PRICE * seconds if size == PRICED else 0}
        binding = OF_EVERYBODY + (["token total"] if by_token else [])
        claim = self.book.claim(amounts, names=binding, at=self.now)
        try:
            generation = submit_prompt(
                artist=self.artist,
                token=self.token if by_token else None,
                video_model=self.model,
                prompt="A boat",
                size=size,
                duration_seconds=seconds,
            )
        except QuotaExceeded:
            assert claim is None, "refused, and the book has room"
            return None
        assert claim is not None, "let through, and the book has no room"
        self.claims[generation.pk] = claim
        return generation.pk

    # --- What becomes of it; tried again on what has ended, it changes nothing

    @rule(pk=generations, how=st.sampled_from(ENDS), cost=costs, is_billed=st.booleans())
    def end(self, pk: UUID, how: str, cost: int | None, is_billed: bool) -> None:
        if how == "cancel":
            self._cancel(pk)
        elif how == "succeed":
            Generation.objects.filter(pk=pk, status=Status.QUEUED).update(status=Status.FINISHING)
            self._finish(pk, partial(ending.succeed, pk, renditions=[]), "settled", cost=cost)
        elif how == "fail":
            failing = partial(ending.fail, pk, kind=FailureKind.TIMEOUT)
            self._finish(pk, failing, "refunded", cost=cost)
        elif how == "refuse":
            VideoModel.objects.update(bills_refusals=is_billed)
            refusing = partial(ending.refuse, pk, kind=FailureKind.SAFETY_INPUT)
            self._finish(pk, refusing, "settled" if is_billed else "refunded", cost=cost)
        elif self.claims[pk].outcome != "held":
            self._close_again(pk, settles=is_billed)

    def _cancel(self, pk: UUID) -> None:
        try:
            cancel(Generation.objects.get(pk=pk))
        except TooLateToCancel:
            assert self.claims[pk].outcome != "held"
        else:
            self.book.close(self.claims[pk], "refunded", {CREDITS: 0, MONEY: 0})

    def _finish(self, pk: UUID, act: Callable[[], bool], outcome: str, *, cost: int | None) -> None:
        claim = self.claims[pk]
        was_held = claim.outcome == "held"
        if was_held:
            Attempt.objects.create(generation_id=pk, state=Attempt.State.TURNED_AWAY, cost=cost)
        assert act() == was_held
        if was_held:
            settles = outcome == "settled"
            expected = claim.amounts[MONEY]
            money = at_most(cost, expected, otherwise=expected if settles else 0)
            credits = claim.amounts[CREDITS] if settles else 0
            self.book.close(claim, outcome, {CREDITS: credits, MONEY: money})

    def _close_again(self, pk: UUID, *, settles: bool) -> None:
        """I4: whoever tries to close what is closed is told so."""
        reservation = Generation.objects.select_related("reservation").get(pk=pk).reservation
        assert not (settle(reservation, amount=0, cost=1) if settles else refund(reservation))

    @rule(pk=generations, cost=st.integers(0, 12_000))
    def tell_a_cost_late(self, pk: UUID, cost: int) -> None:
        """Beyond what was settled, once, within what was held and what the budget has free."""
        claim = self.claims[pk]
        reservation = Generation.objects.select_related("reservation").get(pk=pk).reservation
        is_new = claim.outcome != "held" and not claim.late
        is_new = is_new and (reservation.cost is None or reservation.cost < cost)
        windows = Window.objects.held_by(reservation).filter(limit__unit=MONEY)
        free = min((window.free for window in windows), default=cost)

        assert book_late_cost(reservation, cost=cost) == is_new
        if is_new:
            within = max(min(cost, claim.amounts[MONEY]) - claim.settled[MONEY], 0)
            self.book.add(claim, min(within, free))

    @rule(expires=st.booleans())
    def run_the_schedule(self, expires: bool) -> None:
        if not expires:
            follow_raises()
            assert not Window.objects.outdated(self.now).exists()
            return
        sweeping.end_overdue()
        deadline = self.now - timedelta(seconds=site.QUEUE_DEADLINE_SECONDS)
        for claim in self.claims.values():
            if claim.outcome == "held" and claim.made_at < deadline:
                self.book.close(claim, "refunded", {CREDITS: 0, MONEY: 0})

    @rule(hours=st.sampled_from([1, 2, 5, 11, 26]))
    def wait(self, hours: int) -> None:
        self.clock.shift(hours * HOUR)

    @rule(
        target=generations,
        minutes=st.sampled_from([-1, 0]),
        size=st.sampled_from([PRICED, UNPRICED]),
        by_token=st.booleans(),
    )
    @precondition(lambda self: self.book.next_change(self.now))
    def ask_as_a_raise_begins_or_ends(self, minutes: int, size: str, by_token: bool) -> object:
        """A minute before, or at that very moment: for as much as there is."""
        change = self.book.next_change(self.now)
        assert change is not None
        self.clock.move_to(max(change + timedelta(minutes=minutes), self.now))
        made = [self._ask(4, size, by_token=by_token) for _ in range(12)]
        return multiple(*(pk for pk in made if pk))

    # --- What managers do

    @rule(
        target=raises,
        name=names | st.just("the tightest"),  # where it makes a difference
        amount=st.integers(8, 60),
        begins_in=st.sampled_from([0, 0, 1, 9, 30]),
        hours=st.integers(1, 20),
    )
    def raise_for_a_time(self, name: str, amount: int, begins_in: int, hours: int) -> object:
        if name == "the tightest":
            name = self.book.tightest(OF_EVERYBODY, self.now)
        extra = amount * PRICE if self.book.rules[name].unit == MONEY else amount
        starts_at = self.now + begins_in * HOUR
        times = {"starts_at": starts_at, "ends_at": starts_at + hours * HOUR}
        made = raise_for_a_time(
            self.limits[name], extra=extra, by=self.manager, reason="By the machine", **times
        )
        kept = Extra(name, extra, **times)
        self.book.extras.append(kept)
        return made.pk, kept

    @rule(made=consumes(raises))
    def end_raise(self, made: tuple[int, Extra]) -> None:
        pk, kept = made
        is_over = kept.ends_at <= self.now
        try:
            one = Raise.objects.select_related("limit").get(pk=pk)
            end_raise(one, by=self.manager, reason="By the machine")
        except RaiseIsOver:
            assert is_over
        else:
            assert not is_over
            kept.ends_at = self.now

    @rule(name=names, how=st.sampled_from(["set", "end", "undo"]), share=st.integers(0, 200))
    def change(self, name: str, how: str, share: int) -> None:
        ceiling = RULES[name].ceiling
        assert ceiling is not None
        if how == "set":
            self._set(name, ceiling * share // 100)
        elif how == "undo":
            self._undo(name)
        elif self.book.rules[name].ceiling is not None and name != "artist total":
            self._set(name, None)  # one limit is left, or nothing could be asked for at all

    def _undo(self, name: str) -> None:
        kept = self.book.rules[name]
        if len(kept.history) < 2:
            return  # the limit itself stays
        entry_id, was = kept.history[-1]
        entry = LedgerEntry.objects.select_related("window__limit").get(pk=entry_id)
        if entry.limit_was == entry.limit_became:
            return  # set to what it was: nothing to undo
        undo(entry, by=self.manager)
        self.limits[name].refresh_from_db()
        kept.history.append((LedgerEntry.objects.filter(undoes=entry).get().pk, kept.ceiling))
        kept.ceiling = was

    # --- What holds after each step

    @invariant()
    def every_window_agrees_with_the_book_and_keeps_its_ceiling(self) -> None:
        """I3"""
        named = {limit.pk: name for name, limit in self.limits.items()}
        for window in Window.objects.select_related("limit"):
            name = named[window.limit_id]
            key = (name, self.book.rules[name].start(window.starts_at.astimezone(UTC)))
            expected = self.book.held.get(key, 0), self.book.spent.get(key, 0)
            assert (window.held, window.spent) == expected, name
            assert window.held + window.spent <= window.ceiling

    @invariant()
    def the_ledger_adds_up(self) -> None:
        """I3, I4"""
        assert list(check_ledger()) == []

    @invariant()
    def pages_show_the_ceiling_of_this_moment(self) -> None:
        named = {limit.pk: name for name, limit in self.limits.items()}
        standing = Limit.objects.standing().order_by("pk")
        for window in read_windows(standing):
            name = named[window.limit_id]
            ceiling = self.book.ceiling(name, self.now)
            assert window.ceiling == max(ceiling, window.held + window.spent), name

    @invariant()
    def every_reservation_stands_as_the_book_says(self) -> None:
        """I4"""
        for one in Generation.objects.select_related("reservation"):
            claim, reservation = self.claims[one.pk], one.reservation
            assert reservation.state == claim.outcome
            settled = {CREDITS: reservation.settled_credits, MONEY: reservation.settled_money}
            assert settled == (claim.settled or {CREDITS: 0, MONEY: 0})


@pytest.mark.django_db
def test_no_order_of_events_parts_the_ledger_from_a_second_book() -> None:
    """I3, I4"""
    run_state_machine_as_test(
        Quota,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
