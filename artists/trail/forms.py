"""What a manager looks for in the audit trail."""

from typing import Any

from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery

from artists.models import Artist
from portal.audit import Event
from portal.forms import MomentField, say_zone

RECENT = 2000  # the verbs that these use are proposed
BIGGEST = 2**63 - 1


class TrailForm(forms.Form):
    """Every field narrows the trail; all of them empty show the whole."""

    person = forms.CharField(required=False, max_length=254, label="Who")
    verb = forms.CharField(required=False, max_length=60, label="What")
    subject = forms.CharField(required=False, max_length=121, label="On what")
    since = MomentField(required=False, label="From")
    until = MomentField(required=False, label="Until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        examples = {
            "person": "E-mail or number",
            "verb": "pause.made",
            "subject": "artists.token 7",
        }
        for name, example in examples.items():
            self.fields[name].widget.attrs["placeholder"] = example
        self.fields["verb"].widget.attrs["list"] = "verbs"
        self.fields["until"].help_text = say_zone()

    def events(self) -> QuerySet[Event]:
        """The events that are looked for, each with its `person`; none where a field is wrong."""
        if not self.is_valid():
            return Event.objects.none()
        asked = self.cleaned_data
        wanted = _by(asked["person"]) & _on(asked["subject"])
        if asked["verb"]:
            wanted &= Q(verb=asked["verb"])
        if asked["since"]:
            wanted &= Q(at__gte=asked["since"])
        if asked["until"]:
            wanted &= Q(at__lt=asked["until"])
        person = Artist.objects.filter(pk=OuterRef("actor_id")).values("email")
        return Event.objects.filter(wanted).annotate(person=Subquery(person))


def recent_verbs() -> list[str]:
    recent = Event.objects.order_by("-sequence").values_list("verb", flat=True)[:RECENT]
    return sorted(set(recent))


def _by(person: str) -> Q:
    """Whose acts: by e-mail, or by the number that is left of somebody who is gone."""
    if not person:
        return Q()
    if person.isascii() and person.isdigit():
        return Q(actor_id=min(int(person), BIGGEST))
    return Q(actor_id__in=Artist.objects.filter(email__iexact=person).values("pk"))


def _on(subject: str) -> Q:
    """Of which kind, and of that which one: as in artists.token 7."""
    kind, _, key = subject.strip().partition(" ")
    wanted = Q(subject_type=kind.lower()) if kind else Q()
    return wanted & Q(subject_id=key.strip()) if key else wanted
