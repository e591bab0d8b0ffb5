"""What a reviewer decides."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict

from generations.models import Ground, Opinion, Review
from generations.models.reply_template import gaps_in
from generations.reviews.deciding import OUTCOMES, REFUSING


class WordsInsideField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            label="Words for the managers",
            help_text="Needed to escalate. The artist never reads them.",
            **kwargs,
        )


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Decision",
        choices=[(one.value, one.label) for one in OUTCOMES[Review.Kind.SUBMISSION]],
        widget=forms.RadioSelect,
    )
    ground = forms.ModelChoiceField(
        Ground.objects.in_force(),
        required=False,
        empty_label="No ground",
        help_text="Needed to reject or to ask for changes.",
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Words for the artist",
        help_text="Needed to reject or to ask for changes.",
    )

    words_inside = WordsInsideField()
    whole_set = forms.BooleanField(
        required=False,
        label="Decide alike on the whole set",
        help_text="On all of it that you have claimed and not decided yet.",
    )
    wants_second = forms.BooleanField(
        required=False,
        label="A second person is to look too",
        help_text="It waits for somebody who does not see what you said. If you two differ, a "
        "manager decides.",
    )

    def __init__(self, *args: Any, in_set: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_set:
            del self.fields["whole_set"]

    def offer(self, grounds: Iterable[Ground]) -> None:
        """Show these to choose from, which are read already."""
        field = cast("forms.ModelChoiceField[Ground]", self.fields["ground"])
        offered: list[Any] = [(ground.pk, str(ground)) for ground in grounds]
        field.choices = [("", field.empty_label), *offered]

    def clean(self) -> dict[str, Any]:
        decided = super().clean() or self.cleaned_data
        if decided.get("outcome") in REFUSING:
            if not decided.get("ground") and "ground" not in self.errors:
                self.add_error("ground", "Choose the ground that this rests on.")
            if not decided.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "Tell the artist why.")
        if gaps := gaps_in(decided.get("reason", "")):
            self.add_error("reason", f"Fill in {', '.join(gaps)}.")
        _ask_words_to_escalate(self, decided)
        return decided


class ReportedForm(DecisionForm):
    """What a reviewer decides on a share that was reported."""

    def __init__(self, *args: Any, may_take_down: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.choices = [
            (one.value, one.label)
            for one in OUTCOMES[Review.Kind.REPORT]
            if may_take_down or one != Opinion.Outcome.TAKE_DOWN
        ]
        if may_take_down:
            self.fields["ground"].help_text = "Needed to take it down."
            self.fields["reason"].help_text = "Needed to take it down. Never who reported it."
        else:
            del self.fields["ground"], self.fields["reason"]
        del self.fields["wants_second"]


class AppealDecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Decision",
        choices=[
            ("uphold", "Uphold: the first decision stands"),
            ("overturn", "Overturn: undo the first decision"),
            ("escalate", "Escalate to a manager"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Words for the artist",
        help_text="Needed to uphold.",
    )
    words_inside = WordsInsideField()

    def clean(self) -> dict[str, Any]:
        decided = super().clean() or self.cleaned_data
        _ask_words_to_escalate(self, decided)
        upholds = decided.get("outcome") == Opinion.Outcome.UPHOLD
        if upholds and not decided.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Tell the artist why the first decision stands.")
        if gaps := gaps_in(decided.get("reason", "")):
            self.add_error("reason", f"Fill in {', '.join(gaps)}.")
        return decided


class RefusedPromptForm(AppealDecisionForm):
    """What a reviewer decides on a prompt that a machine refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.choices = [
            ("uphold", "Uphold: the refusal stands"),
            ("overturn", "Overturn: let these words pass"),
            ("escalate", "Escalate to a manager"),
        ]


def _ask_words_to_escalate(form: forms.Form, decided: dict[str, Any]) -> None:
    if decided.get("outcome") == Opinion.Outcome.ESCALATE and not decided.get("words_inside"):
        form.add_error("words_inside", "Tell the managers why you hand this on.")


def form_for(review: Review, said: QueryDict | None = None) -> forms.Form:
    """The form that decides on a review of its kind, with what was said in it."""
    if review.kind == Review.Kind.APPEAL:
        return AppealDecisionForm(said)
    in_set = review.submission is not None and review.submission.set_id is not None
    return DecisionForm(said, in_set=in_set)
