"""The public page that says of a file, or of a public page, what can be known of it."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from artists.access.networks import client_address, network_of
from artists.terms.guards import before_terms
from generations.media.credentials.statements import Statement
from generations.media.filenames import attachment
from generations.verifying.arrivals import TimelyUpload, arriving
from generations.verifying.forms import AddressForm, FileForm
from generations.verifying.matching import find_shared
from generations.verifying.services import Finding, Verdict, check, one_of_few, public_roots
from portal.envelope import BodyTooLarge
from portal.throttling import TooHasty, is_within

FORM_BYTES = 10_000  # of what stands around the file in a body
FILES_AT_MOST, IN_SECONDS = 10, 600


@csrf_exempt  # nothing is changed and nobody is known: the body may be read late, and be large
@before_terms
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _check_file(request)
    form = AddressForm(request.GET if "address" in request.GET else None)
    verdict = None
    if form.is_valid():
        copy = find_shared(form.cleaned_data["address"])
        verdict = Verdict(Finding.INTACT if copy else Finding.UNKNOWN, copy)
    return _page(request, address_form=form, verdict=verdict, is_of_address=True)


@login_not_required
@require_safe
def root_certificate(request: HttpRequest) -> HttpResponse:
    """Give the roots under which the programme signs, to check its files with."""
    answer = HttpResponse(public_roots(), content_type="application/x-pem-file")
    answer["Content-Disposition"] = attachment("root.pem")
    return answer


def _check_file(request: HttpRequest) -> HttpResponse:
    """Take a file in and look at it, where its size, its sender's haste and others leave room.

    It takes its turn once it is here: who sends slowly keeps no other file from being looked at.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.VERIFY_MAX_BYTES + FORM_BYTES:
        raise BodyTooLarge("This file is larger than what is looked at here.")
    sender = network_of(client_address(request))
    if not is_within(f"verify:{sender}", at_most=FILES_AT_MOST, seconds=IN_SECONDS):
        raise TooHasty(retry_after_seconds=IN_SECONDS)
    with arriving(sender) as until:
        request.upload_handlers = [TimelyUpload(request, until=until)]
        form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=400)
    file = Path(form.cleaned_data["file"].temporary_file_path())
    with one_of_few():
        verdict = check(file)
    return _page(request, verdict=verdict)


def _page(
    request: HttpRequest,
    *,
    file_form: FileForm | None = None,
    address_form: AddressForm | None = None,
    verdict: Verdict | None = None,
    is_of_address: bool = False,
    status: int = 200,
) -> HttpResponse:
    copy = verdict.copy if verdict else None
    facts = {
        "file_form": file_form or FileForm(),
        "address_form": address_form or AddressForm(),
        "verdict": verdict,
        "is_of_address": is_of_address,
        "said": Statement(**copy.says) if copy else None,
    }
    page = render(request, "generations/verify.html", facts, status=status)
    page["Cache-Control"] = "no-store"
    return page
