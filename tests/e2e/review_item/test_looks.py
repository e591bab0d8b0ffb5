"""The page of a review breaks no rule of accessibility in any of its states."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from artists.models import Artist
from generations.models import ReviewerPreferences, Submission
from tests.e2e.review_item.conftest import pin_at, watch


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("state", ["notes", "writing", "side", "wipe", "veil", "keys"])
def test_no_state_of_it_breaks_a_rule_of_accessibility(
    state: str, scheme: Any, page: Page, held: Submission, reviewer: Artist
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    veiled = "all" if state == "veil" else "none"
    ReviewerPreferences.objects.create(reviewer=reviewer, veiled=veiled)
    pin_at(held, reviewer, 0, drawing=[[[0.1, 0.1], [0.2, 0.2]]])
    watch(page, held)
    does = {"writing": "n", "side": "w", "wipe": "ww", "keys": "?"}
    for key in does.get(state, ""):
        page.keyboard.press(key)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
