"""The letters that the programme writes, for managers: read, change, look at, reset."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.letters.catalogue import CATALOGUE, words_of
from artists.letters.forms import WordsForm
from artists.letters.preview import preview_words
from artists.letters.services import reset_words, set_words
from artists.models import LetterKind, LetterTemplate
from artists.requests import ArtistRequest
from portal.forms import sent, status_of

managers_only = with_permission("artists.change_lettertemplate")


@require_safe
@managers_only
def letters(request: ArtistRequest) -> HttpResponse:
    changed = {one.kind: one for one in LetterTemplate.objects.select_related("changed_by")}
    rows = [(kind, CATALOGUE[kind], changed.get(kind)) for kind in LetterKind]
    return render(request, "artists/letters.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def letter(request: ArtistRequest, kind: str) -> HttpResponse:
    """The words of one letter with a preview; a POST without “save” looks at them alone."""
    known = _kind(kind)
    subject, body = words_of(known)
    initial = {"subject": subject, "body": body}
    form = WordsForm(sent(request), kind=known, initial=initial)
    words = form.cleaned_data if form.is_valid() else initial
    if form.is_valid() and "save" in request.POST:
        set_words(known, **words, by=request.user)
        messages.success(request, "Saved. Letters that are written from now on say this.")
        return redirect("artists:letter", known)
    facts = {
        "kind": known,
        "description": CATALOGUE[known],
        "form": form,
        "preview": None if form.errors else preview_words(known, **words),
        "is_changed": LetterTemplate.objects.filter(kind=known).exists(),
    }
    return render(request, "artists/letter.html", facts, status=status_of(form))


@require_POST
@managers_only
def reset(request: ArtistRequest, kind: str) -> HttpResponse:
    reset_words(_kind(kind), by=request.user)
    messages.success(request, "The built-in words are back.")
    return redirect("artists:letter", kind)


def _kind(kind: str) -> LetterKind:
    try:
        return LetterKind(kind)
    except ValueError as error:
        raise Http404 from error
