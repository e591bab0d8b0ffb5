"""What an artist says of their portfolio."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.validators import RegexValidator

from generations.models import Portfolio, Share
from generations.models.portfolio import ADDRESS_MAX_CHARS
from generations.portfolios.services import SHARES_MAX

ADDRESS = re.compile(r"\A[a-z](?:-?[a-z0-9]){2,}\Z", re.ASCII)
PLACE_MAX = 999


class Line(NamedTuple):
    """One share of the artist's, with its fields."""

    share: Share
    is_in: forms.BoundField
    place: forms.BoundField


class PortfolioForm(forms.ModelForm):
    address = forms.CharField(
        max_length=ADDRESS_MAX_CHARS,
        validators=[
            RegexValidator(
                ADDRESS, "Three small letters or digits at least, a letter first; hyphens between."
            )
        ],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    class Meta:
        model = Portfolio
        fields = ["address", "is_open", "shows_links", "is_findable"]
        labels = {
            "is_open": "Anybody may see it",
            "shows_links": "Show the links of my profile",
            "is_findable": "Let search engines find it",
        }
        help_texts = {"is_findable": "Off: they are asked not to list it."}

    def __init__(
        self, data: Any = None, *, portfolio: Portfolio | None, shares: Sequence[Share], name: str
    ) -> None:
        super().__init__(data, instance=portfolio or Portfolio())
        self.shares = shares
        for number, share in enumerate(shares, start=1):
            is_in = share.place is not None if portfolio else share.credit_name == name
            self.fields[f"in_{share.pk}"] = forms.BooleanField(required=False, initial=is_in)
            self.fields[f"place_{share.pk}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=PLACE_MAX,
                initial=number,
                widget=forms.NumberInput(attrs={"aria-label": f"Place of “{share.title}”"}),
            )
        choices = [("", "The first one"), *((str(share.pk), share.title) for share in shares)]
        self.fields["cover"] = forms.ChoiceField(
            label="Picture at the top",
            required=False,
            choices=choices,
            initial=str(portfolio.cover_id) if portfolio and portfolio.cover_id else "",
            help_text="A still of one of these clips.",
        )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        taken = Portfolio.objects.filter(address=address).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError("Somebody else has this address. Please choose another.")
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(self._chosen(cleaned)) > SHARES_MAX:
            self.add_error(None, f"A portfolio has {SHARES_MAX} clips at most.")
        return cleaned

    @property
    def lines(self) -> list[Line]:
        return [
            Line(share, self[f"in_{share.pk}"], self[f"place_{share.pk}"]) for share in self.shares
        ]

    @property
    def answers(self) -> dict[str, Any]:
        """What save_portfolio takes."""
        given = self.cleaned_data
        named = ("address", "is_open", "shows_links", "is_findable")
        cover = int(given["cover"]) if given["cover"] else None
        return {name: given[name] for name in named} | {
            "shares": self._chosen(given),
            "cover": cover,
        }

    def _chosen(self, cleaned: dict[str, Any]) -> list[int]:
        """The keys of the shares that are to be in it, in the order of their places."""
        chosen = [share.pk for share in self.shares if cleaned.get(f"in_{share.pk}")]
        last = PLACE_MAX + 1

        def place(key: int) -> int:
            number = cleaned.get(f"place_{key}")
            return last if number is None else number

        return sorted(chosen, key=place)
