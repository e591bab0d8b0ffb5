"""Applying, and the applicant's own page: no account, no JavaScript needed."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.applications import services
from artists.applications.forms import ApplicationForm
from artists.models import Application, Round
from portal.forms import sent, status_of
from portal.secret_links import unreferred

CLOSED_SHOWN = 3


@login_not_required
@require_safe
@never_cache
def apply(request: HttpRequest) -> HttpResponse:
    """Which rounds are open, which are yet to open, and which were the last; one open: its form."""
    open_rounds = list(Round.objects.open().order_by("closes_at"))
    if len(open_rounds) == 1:
        return redirect("artists:apply_to", open_rounds[0].pk)
    now = timezone.now()
    facts = {
        "open_rounds": open_rounds,
        "upcoming": Round.objects.filter(opens_at__gt=now).order_by("opens_at")[:CLOSED_SHOWN],
        "closed": Round.objects.filter(closes_at__lte=now).order_by("-closes_at")[:CLOSED_SHOWN],
    }
    return render(request, "artists/apply.html", facts)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables("secret")
def apply_to(request: HttpRequest, round_id: int) -> HttpResponse:
    round_ = get_object_or_404(Round, pk=round_id)
    form = ApplicationForm(sent(request))
    if form.is_valid():
        secret = services.apply(
            round_=round_,
            answers=form.answers,
            form_nonce=form.form_nonce,
            address=get_adapter().get_client_ip(request),
        )
        messages.success(request, "Your application has arrived. Thank you.")
        return redirect("artists:my_application", secret)
    facts = {"round": round_, "form": form}
    return render(request, "artists/apply_to.html", facts, status=status_of(form))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables("secret")
@unreferred
def my_application(request: HttpRequest, secret: str) -> HttpResponse:
    """What was written, how it stands, and the form to change it while that may be."""
    application = _find(secret)
    form = ApplicationForm.of(application, sent(request))
    if form.is_valid():
        services.change(application=application, answers=form.answers)
        messages.success(request, "Changed.")
        return redirect("artists:my_application", secret)
    facts = {"application": application, "form": form, "secret": secret}
    return render(request, "artists/my_application.html", facts, status=status_of(form))


@login_not_required
@require_POST
@never_cache
@sensitive_variables("secret")
@unreferred
def withdraw(request: HttpRequest, secret: str) -> HttpResponse:
    services.withdraw(application=_find(secret))
    messages.success(request, "Withdrawn. What you wrote is erased.")
    return redirect("artists:my_application", secret)


def _find(secret: str) -> Application:
    application = services.find_application(secret)
    if application is None:
        raise Http404
    return application
