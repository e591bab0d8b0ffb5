"""A form that was sent with nothing in it says what belongs there, in words of its own."""

from collections.abc import Callable

import pytest
from django import forms
from django.utils.translation import gettext

from artists.models import Artist, Cohort, Pause
from artists.quotas.forms import CeilingForm, RaiseForm
from artists.quotas.scopes import Scope
from generations.appeals.forms import AppealForm, MessageForm
from generations.cohorts.forms import CohortForm
from generations.leaving.forms import LeaveForm
from generations.outcomes.forms import JobForm
from generations.pauses.forms import PauseForm
from generations.prompts.forms import PromptForm
from generations.reports.forms import ReportForm
from generations.sharing.forms import PasswordForm, SubmissionForm, TakeDownForm

STOCK = gettext("This field is required.")
WRITTEN_INTO = (forms.CharField, forms.DateTimeField, forms.DecimalField)
FORMS: dict[str, Callable[[Artist], forms.BaseForm]] = {
    "appeal": lambda artist: AppealForm({}),
    "ceiling": lambda artist: CeilingForm(Scope(artist=artist), {}),
    "cohort": lambda artist: CohortForm({}, instance=Cohort()),
    "job": lambda artist: JobForm({}),
    "leaving": lambda artist: LeaveForm({}, artist=artist),
    "message": lambda artist: MessageForm({}),
    "password": lambda artist: PasswordForm({}),
    "pause": lambda artist: PauseForm({}, instance=Pause(artist=artist)),
    "prompt": lambda artist: PromptForm({}, artist=artist),
    "raise": lambda artist: RaiseForm(Scope(artist=artist), {}),
    "report": lambda artist: ReportForm({}),
    "submission": lambda artist: SubmissionForm({}),
    "take-down": lambda artist: TakeDownForm({}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_what_is_to_be_written_is_asked_for_in_words_of_its_own(name: str, artist: Artist) -> None:
    form = FORMS[name](artist)

    said = {
        field: " ".join(map(str, errors))
        for field, errors in form.errors.items()
        if isinstance(form.fields[field], WRITTEN_INTO)
    }

    assert said
    assert [field for field, words in said.items() if STOCK in words] == []


@pytest.mark.django_db
def test_a_name_of_a_cohort_that_is_taken_is_called_so(artist: Artist) -> None:
    assert artist.cohort

    form = CohortForm({"name": artist.cohort.name}, instance=Cohort())

    assert form.errors["name"] == ["There is a cohort of this name already."]
