"""The sample programme: its people, and that they have agreed on its terms."""

import pytest

from artists.models import Acceptance, Artist, Terms
from artists.models.standing import Standing
from artists.terms.samples import sample
from generations.demo.programme import fill_in
from generations.demo.story import queue_scenes
from generations.models import Check, RefusedPrompt


@pytest.mark.django_db
def test_everybody_in_the_demo_has_accepted_the_samples() -> None:
    people = fill_in()

    in_force = Terms.objects.in_force()
    assert {one.kind: one.text for one in in_force} == {
        kind: sample(kind) for kind in Terms.Kind.values
    }
    standings = [person.terms_standing for person in Artist.objects.with_terms()]
    assert standings == [Standing.SETTLED] * len(people)


@pytest.mark.django_db
def test_filled_in_again_it_stays_as_it_is() -> None:
    fill_in()
    before = list(Terms.objects.values()), list(Acceptance.objects.values())

    fill_in()

    assert (list(Terms.objects.values()), list(Acceptance.objects.values())) == before


@pytest.mark.django_db
def test_a_prompt_of_the_demo_is_refused_by_its_rule_once() -> None:
    people = fill_in()

    queue_scenes(people)
    queue_scenes(people)

    refused = RefusedPrompt.objects.get()
    assert (refused.artist, refused.ground.code) == (people["tomo"], "rights")
    assert [
        check.rule and check.rule.title for check in Check.objects.flags().exclude(generation=None)
    ] == ["Cruelty"]
