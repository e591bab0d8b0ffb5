"""What a manager writes of a rule, and of thresholds."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from generations.checks.folding import fold
from generations.checks.matching import WORD, BadPattern, compile_pattern
from generations.checks.thresholds import CATEGORIES, FLAG_AT, Chosen
from generations.checks.writing import Wording
from generations.models import CheckRule, Ground, Threshold
from portal.texts import NameField, refuse_all_but_line_breaks

ENTRIES_MOST, ENTRY_MAX_CHARS = 500, 300
PATTERNS_A_RULE = 20


class RuleForm(forms.Form):
    title = NameField(
        max_length=80, label="Name", help_text="Artists read it when it refuses their prompt."
    )
    kind = forms.ChoiceField(
        label="Looks for", choices=CheckRule.Kind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        max_length=20_000,
        label="One a line",
        validators=[refuse_all_but_line_breaks],
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="Words are found as whole words, in any case and accents; a star at the end "
        "finds whatever begins so: <code>behead*</code>. A name is found however it is spaced, "
        "joined or disguised; write each of its writings on a line of its own. A pattern is a "
        "regular expression of RE2.",
    )
    ground = forms.ModelChoiceField(Ground.objects.in_force(), empty_label=None)
    action = forms.ChoiceField(
        label="What it does with a prompt",
        choices=CheckRule.Action.choices,
        initial=CheckRule.Action.FLAG,
        widget=forms.RadioSelect,
        help_text="Try it out before you let it refuse.",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "text" in given and "kind" in given:
            try:
                _check_entries(given["kind"], CheckRule(text=given["text"]).entries)
            except ValidationError as error:
                self.add_error("text", error)
        return given

    def clean_text(self) -> str:
        return "\n".join(CheckRule(text=self.cleaned_data["text"]).entries)

    @property
    def wording(self) -> Wording:
        """What a valid form says."""
        given = self.cleaned_data
        return Wording(**{name: given[name] for name in Wording.__dataclass_fields__})


def _check_entries(kind: str, entries: list[str]) -> None:
    is_pattern = kind == CheckRule.Kind.PATTERN
    most = PATTERNS_A_RULE if is_pattern else ENTRIES_MOST
    if len(entries) > most:
        raise ValidationError(f"A rule of this kind has at most {most} lines.")
    for entry in entries:
        if len(entry) > ENTRY_MAX_CHARS:
            raise ValidationError(f"A line has at most {ENTRY_MAX_CHARS} characters.")
        if is_pattern:
            _check_pattern(entry)
        elif not WORD.search(fold(entry)):
            raise ValidationError(f"“{entry}” has no letter and no digit to look for.")


def _check_pattern(entry: str) -> None:
    try:
        pattern = compile_pattern(entry)
    except BadPattern as error:
        raise ValidationError(f"“{entry}” is no pattern of RE2: {error}.") from error
    if pattern.search(""):
        raise ValidationError(f"“{entry}” finds every prompt.")


class ThresholdsForm(forms.Form):
    """Three fields for each category: from where it flags, from where it refuses, the ground."""

    def __init__(self, data: Any = None, *, standing: Iterable[Threshold] = ()) -> None:
        super().__init__(data)
        by_category = {one.category: one for one in standing}
        usual = None if by_category else FLAG_AT
        for category in CATEGORIES:
            now = by_category.get(category)
            for name, label in (("flag_at", "Flag from"), ("refuse_at", "Refuse from")):
                initial = getattr(now, name) if now else (usual if name == "flag_at" else None)
                self.fields[f"{category}:{name}"] = forms.IntegerField(
                    required=False,
                    min_value=1,
                    max_value=100,
                    label=label,
                    initial=initial,
                )
            self.fields[f"{category}:ground"] = forms.ModelChoiceField(
                Ground.objects.in_force(),
                required=False,
                empty_label="No ground",
                label="Ground of a refusal",
                initial=now.ground if now else None,
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for category in CATEGORIES:
            flag_at, refuse_at = (
                given.get(f"{category}:{name}") for name in ("flag_at", "refuse_at")
            )
            if refuse_at and not given.get(f"{category}:ground"):
                self.add_error(f"{category}:ground", "What refuses needs its ground.")
            if flag_at and refuse_at and refuse_at < flag_at:
                self.add_error(f"{category}:refuse_at", "Not below what flags.")
        return given

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        """Each category with its three fields, as the page lays them out."""
        for category in CATEGORIES:
            names = ("flag_at", "refuse_at", "ground")
            yield category, [self[f"{category}:{name}"] for name in names]

    def chosen(self) -> list[Chosen]:
        """What a valid form says."""
        given = self.cleaned_data
        return [
            Chosen(
                category=category,
                flag_at=given[f"{category}:flag_at"],
                refuse_at=given[f"{category}:refuse_at"],
                ground=given[f"{category}:ground"],
            )
            for category in CATEGORIES
        ]
