"""The programme's rules and thresholds, for managers; and one's own refused prompts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.models import Cohort
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.checks import moderation, thresholds, writing
from generations.checks.forms import RuleForm, ThresholdsForm
from generations.models import CheckRule, RefusedPrompt, RuleList, Threshold
from generations.pauses.guard import own_work
from portal.forms import RefusalsShownIn, sent, status_of
from portal.paging import cut

RETIRED_SHOWN = 50
PAGE_SIZE = 25

managers_only = with_permission("generations.change_checkrule")


@require_safe
@managers_only
def checks(request: ArtistRequest) -> HttpResponse:
    facts = {
        "rules": CheckRule.objects.in_force().select_related("ground", "made_by"),
        "retired": CheckRule.objects.retired().select_related("ground", "ended_by")[:RETIRED_SHOWN],
        "list": RuleList.objects.first(),
        "moderation": moderation.model_asked(),
    }
    return render(request, "generations/checks/checks.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def rule(request: ArtistRequest, number: int | None = None) -> HttpResponse:
    """Make a rule, put a next version in its place, or see what it would have caught."""
    standing = _standing(number) if number else None
    form = RuleForm(sent(request), initial=_initial(standing))
    tried = None
    if form.is_valid() and "try" in request.POST:
        words = {name: form.cleaned_data[name] for name in ("kind", "text")}
        tried = writing.try_rule(**words, by=request.user)
    elif form.is_valid():
        with RefusalsShownIn(form):
            kept = _keep(request, form, number)
            messages.success(request, f"“{kept}” holds from the next prompt on.")
            return redirect("generations:checks")
    versions = CheckRule.objects.versions(number) if number else CheckRule.objects.none()
    facts = {
        "form": form,
        "rule": standing,
        "tried": tried,
        "earlier": versions.exclude(ended_at=None).select_related("ground", "made_by"),
    }
    return render(request, "generations/checks/rule.html", facts, status=status_of(form))


@require_POST
@managers_only
def retire(request: ArtistRequest, number: int) -> HttpResponse:
    try:
        seen = int(request.POST.get("seen", ""))
    except ValueError as error:
        raise Http404 from error
    retired = writing.retire_rule(number, seen=seen, by=request.user)
    messages.success(request, f"“{retired}” is retired. It caught its last prompt.")
    return redirect("generations:checks")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def set_thresholds(request: ArtistRequest, cohort_id: int | None = None) -> HttpResponse:
    """The thresholds of the programme, or of one cohort that has its own."""
    cohort = get_object_or_404(Cohort, pk=cohort_id) if cohort_id else None
    if cohort and "follow" in request.POST:
        thresholds.follow_programme(cohort, by=request.user)
        messages.success(request, f"The programme’s thresholds hold for “{cohort}” again.")
        return redirect("generations:thresholds")
    form = ThresholdsForm(
        sent(request), standing=Threshold.objects.binding(cohort.pk if cohort else None)
    )
    if form.is_valid():
        thresholds.set_thresholds(cohort, form.chosen(), by=request.user)
        messages.success(request, "The thresholds hold from the next prompt on.")
        return redirect("generations:thresholds")
    own = set(Threshold.objects.exclude(cohort=None).values_list("cohort_id", flat=True))
    facts = {
        "form": form,
        "cohort": cohort,
        "has_own": cohort is not None and cohort.pk in own,
        "cohorts": [(one, one.pk in own) for one in Cohort.objects.all()[:500]],
        "moderation": moderation.model_asked(),
    }
    return render(request, "generations/checks/thresholds.html", facts, status=status_of(form))


@before_terms
@login_required
@require_safe
@own_work
def refused_prompts(request: ArtistRequest) -> HttpResponse:
    """One's own refused prompts, the latest first."""
    found = RefusedPrompt.objects.visible_to(request.user)
    if before := request.GET.get("before"):
        found = found.filter(pk__lt=_key(before))
    page, has_more = cut(found, size=PAGE_SIZE)
    facts = {"page": page, "next_cursor": page[-1].pk if has_more else ""}
    return render(request, "generations/checks/refused_prompts.html", facts)


def _standing(number: int) -> CheckRule:
    return get_object_or_404(CheckRule.objects.in_force().select_related("ground"), number=number)


def _initial(standing: CheckRule | None) -> dict[str, object]:
    if standing is None:
        return {}
    names = ("title", "kind", "text", "ground", "action")
    return {name: getattr(standing, name) for name in names} | {"seen": standing.version}


def _keep(request: ArtistRequest, form: RuleForm, number: int | None) -> CheckRule:
    if number is None:
        return writing.make_rule(form.wording, by=request.user)
    seen = form.cleaned_data["seen"] or 0
    return writing.change_rule(number, form.wording, seen=seen, by=request.user)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
