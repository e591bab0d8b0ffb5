"""A visitor's report of a public page: no account, no script."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from artists.access.networks import client_address, network_of
from generations.models import Share
from generations.reports.errors import NotShown
from generations.reports.forms import ReportForm
from generations.reports.services import make_report
from generations.sharing.locks import may_see
from portal.forms import sent, status_of
from portal.throttling import TooHasty, is_within

OF_ONE, IN_SECONDS = 5, 3600  # reports from one network
OF_ALL, IN_A_DAY = 200, 86_400  # of one share


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, slug: str) -> HttpResponse:
    share = Share.objects.standing().select_related("submission").filter(slug=slug).first()
    if share is None:
        get_object_or_404(Share.objects.ended(), slug=slug)
        raise NotShown
    if not may_see(request, share):
        raise Http404
    form = ReportForm(sent(request))
    if form.is_valid():
        if not form.is_of_a_program:
            _count(request, share)
            said = form.cleaned_data
            make_report(share, ground=said["ground"], text=said["text"], email=said["email"])
        return redirect(f"{reverse('generations:report', args=[slug])}?sent=1")
    facts = {"share": share, "form": form, "is_sent": "sent" in request.GET}
    return render(request, "generations/report.html", facts, status=status_of(form))


def _count(request: HttpRequest, share: Share) -> None:
    """Let few reports come from one place, and not too many of one share. Raises TooHasty."""
    sender = network_of(client_address(request))
    if not is_within(f"report:{sender}", at_most=OF_ONE, seconds=IN_SECONDS):
        raise TooHasty(retry_after_seconds=IN_SECONDS)
    if not is_within(f"reports-of:{share.pk}", at_most=OF_ALL, seconds=IN_A_DAY):
        raise TooHasty(retry_after_seconds=IN_A_DAY)
