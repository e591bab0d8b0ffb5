"""Views of the queue that reviewers keep for themselves."""

from django import forms
from django.db import IntegrityError, transaction

from artists.models import Artist
from generations.models import SavedView
from generations.reviews.errors import NameIsTaken, NothingToSave, TooManyViews


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=40)
    asked = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)


@transaction.atomic
def keep(*, reviewer: Artist, name: str, querystring: str) -> SavedView:
    """Save what the queue is narrowed down to; a name that one has already is given to this.

    Raises NothingToSave, TooManyViews.
    """
    if not querystring:
        raise NothingToSave
    Artist.objects.select_for_update(no_key=True).only("pk").get(pk=reviewer.pk)
    own = SavedView.objects.filter(reviewer=reviewer)
    if own.exclude(name=name).count() >= SavedView.MOST:
        raise TooManyViews
    view, _ = own.update_or_create(
        reviewer=reviewer, name=name, defaults={"querystring": querystring}
    )
    return view


def rename(view: SavedView, *, name: str) -> None:
    """Raises NameIsTaken where another of the reviewer's views has that name."""
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError as error:
        raise NameIsTaken from error


def forget(view: SavedView) -> None:
    view.delete()
