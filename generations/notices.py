"""What artists are told by mail, each at least once.

A letter counts as told when the mail server has taken it. A worker that is killed between the two
leaves a letter that is written again: rather two about one refusal than none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from artists.accounts.zones import zone_of
from artists.models import Artist, Departure
from generations.links import absolute
from generations.models import (
    Apology,
    Appeal,
    AppealLetter,
    AppealMessage,
    Archive,
    Decision,
    EscalationLetter,
    Note,
    Promise,
    RemovalNotice,
    Report,
    Review,
    Share,
    WebhookEndpoint,
)
from generations.models.appeal import last_moment_to_appeal

UNTOLD_AFTER = timedelta(minutes=2)  # the task that follows the decision has had its time
WORKS_NAMED = 20
LETTER_TAKES = timedelta(minutes=5)  # at most: settings.EMAIL_TIMEOUT bounds each word of the mail


def tell_decision(decision_id: int) -> None:
    """Tell an artist what was decided, on which ground and why."""
    decisions = Decision.objects.filter(pk=decision_id)
    with _claim(decisions) as is_claimed:
        if is_claimed:
            _write_decision(
                decisions.select_related(
                    "artist", "ground", "submission__generation", "submission__share"
                ).get()
            )


def tell_take_down(share_id: int) -> None:
    """Tell an artist that a share of theirs was taken down, on which ground and why."""
    shares = Share.objects.filter(pk=share_id, status=Share.Status.TAKEN_DOWN)
    with _claim(shares) as is_claimed:
        if is_claimed:
            share = shares.select_related("submission__artist", "ground").get()
            facts = {"share": share, "appeal_url": _appeal_url(share.submission_id)}
            if share.ended_at:
                facts["appeal_until"] = last_moment_to_appeal(share.ended_at)
            _send("take_down", share.submission.artist, facts)


def tell_appeal(letter_id: int) -> None:
    """Tell somebody how an appeal stands, or that there is something new in its thread."""
    letters = AppealLetter.objects.filter(pk=letter_id, not_before__lte=timezone.now())
    with _claim(letters) as is_claimed:
        if is_claimed:
            _write_about_appeal(
                letters.select_related(
                    "to",
                    "appeal__review",
                    "appeal__ground",
                    "appeal__refused",
                    "appeal__submission__generation",
                    "appeal__share__submission__generation",
                ).get()
            )


def tell_switched_off(endpoint_id: UUID) -> None:
    """Tell an artist that webhooks go to an address of theirs no more, and why."""
    endpoints = WebhookEndpoint.objects.filter(pk=endpoint_id, switched_off_at__isnull=False)
    with _claim(endpoints) as is_claimed:
        if is_claimed:
            endpoint = endpoints.select_related("artist").get()
            if not endpoint.artist.mail_webhooks:
                return
            url = absolute(reverse("generations:webhook", args=[endpoint.pk]))
            _send("webhook_off", endpoint.artist, {"endpoint": endpoint, "webhook_url": url})


def tell_departure(departure_id: int) -> None:
    """Tell somebody how their leaving stands: what ends when, or that it was taken back."""
    departures = Departure.objects.filter(pk=departure_id, erased_at=None)
    with _claim(departures) as is_claimed:
        if is_claimed:
            departure = departures.select_related("artist").get()
            urls = {
                "take_url": absolute("generations:take"),
                "leave_url": absolute("generations:leave"),
            }
            _send("departure", departure.artist, {"departure": departure, **urls})


def tell_archive(archive_id: UUID) -> None:
    """Tell an artist that the archive they asked for is ready, and until when."""
    archives = Archive.objects.to_take().filter(pk=archive_id)
    with _claim(archives) as is_claimed:
        if is_claimed:
            archive = archives.select_related("artist").get()
            urls = {
                "take_url": absolute("generations:take"),
                "sessions_url": absolute("artists:sessions"),
            }
            _send("archive", archive.artist, {"archive": archive, **urls})


def tell_removal(notice_id: int) -> None:
    """Tell an artist which drafts go when, and how to keep them; none goes sooner than told."""
    found = RemovalNotice.objects.filter(pk=notice_id)
    with _claim(found) as is_claimed:
        if is_claimed:
            notice = found.select_related("artist").get()
            drafts = notice.works.drafts().order_by("removal_at", "pk")
            earliest = timezone.now() + timedelta(days=settings.DRAFT_NOTICE_DAYS)
            drafts.filter(removal_at__lt=earliest).order_by().update(removal_at=earliest)
            if count := drafts.count():
                facts = {"drafts": drafts[:WORKS_NAMED], "count": count}
                facts |= {"more": count - WORKS_NAMED, "first": drafts[0].removal_at}
                facts["library_url"] = f"{absolute('generations:library')}?status=drafts"
                _send("removal", notice.artist, facts)


def tell_apology(apology_id: int) -> None:
    """Tell an artist that a date has passed, that it should not have, and the new one."""
    apologies = Apology.objects.filter(pk=apology_id)
    with _claim(apologies) as is_claimed:
        if is_claimed:
            related = ("artist", "review__about__generation", "review__appeal")
            apology = apologies.select_related(*related).get()
            if not apology.artist.mail_decisions:
                return  # it stands on the page of the work
            about = apology.review.about
            facts: dict[str, object] = {
                "apology": apology,
                "title": about.title if about else "",
                "is_appeal": apology.review.kind == Review.Kind.APPEAL,
                "promise_url": absolute("generations:promise"),
            }
            if about:
                facts["work_url"] = absolute(about.generation.get_absolute_url())
            elif apology.review.appeal:
                facts["work_url"] = absolute(apology.review.appeal.get_absolute_url())
            _send("apology", apology.artist, facts)


def tell_escalation(letter_id: int) -> None:
    """Tell a reviewer or a manager what is due soon and open still; of nothing, nothing."""
    letters = EscalationLetter.objects.filter(pk=letter_id)
    with _claim(letters) as is_claimed:
        if is_claimed:
            letter = letters.select_related("escalation", "reader").get()
            circle = letter.escalation.circle
            due = Review.objects.open().filter(**{f"told_to_{circle}": letter.escalation})
            due = due.shown_to(letter.reader).exclude(status=Review.Status.DECIDED)
            if not (count := due.count()):
                return
            facts = {
                "reviews": due.select_related("about")[:WORKS_NAMED],
                "count": count,
                "more": count - WORKS_NAMED,
                "is_last_call": circle == letter.escalation.Circle.MANAGERS,
                "stuck": set(
                    Review.objects.stuck().filter(pk__in=due).values_list("pk", flat=True)
                ),
                "roles_url": absolute("artists:roles"),
                "is_by_silence": Promise.objects.in_force().is_by_silence,
                "queue_url": absolute("generations:queue"),
            }
            _send("escalation", letter.reader, facts)


def untold_apologies() -> QuerySet[Apology]:
    """Apologies that no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = Apology.objects.filter(told_at=None, created_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_escalations() -> QuerySet[EscalationLetter]:
    """Letters about what is due soon that no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = EscalationLetter.objects.filter(told_at=None, created_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def tell_report(report_id: int) -> None:
    """Tell a visitor what came of their report, and forget their address."""
    reports = Report.objects.to_tell().filter(pk=report_id)
    with _claim(reports) as is_claimed:
        if is_claimed:
            report = reports.select_related("share", "ground").get()
            facts = {"report": report, "programme_name": settings.PROGRAMME_NAME}
            facts["grounds_url"] = absolute("generations:grounds")
            facts["share_url"] = absolute(report.share.get_absolute_url())
            _mail("report", report.email, facts)
    Report.objects.filter(pk=report_id).exclude(told_at=None).update(email="")


def untold_of(share: Share) -> list[int]:
    """The reports of a share whose visitors are to be told now what came of them."""
    return list(Report.objects.to_tell().filter(share=share).values_list("pk", flat=True))


def untold_reports() -> QuerySet[Report]:
    """Reports whose answer no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = Report.objects.to_tell().filter(answered_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_removals() -> QuerySet[RemovalNotice]:
    """Letters about drafts that no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = RemovalNotice.objects.filter(told_at=None, created_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_decisions() -> QuerySet[Decision]:
    """Decisions whose letter no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = Decision.objects.filter(told_at=None, created_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_take_downs() -> QuerySet[Share]:
    """Shares that were taken down, whose letter no mail server has and nobody is writing now."""
    now = timezone.now()
    taken_down = Share.objects.filter(status=Share.Status.TAKEN_DOWN)
    untold = taken_down.filter(told_at=None, ended_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_about(appeal: Appeal) -> list[int]:
    """The letters about an appeal that are to be written now."""
    untold = AppealLetter.objects.filter(appeal=appeal, told_at=None)
    due = untold.filter(not_before__lte=timezone.now())
    return list(due.values_list("pk", flat=True))


def untold_appeal_letters() -> QuerySet[AppealLetter]:
    """Letters about appeals that are due, that no mail server has and nobody is writing now."""
    now = timezone.now()
    untold = AppealLetter.objects.filter(told_at=None, not_before__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_switched_off() -> QuerySet[WebhookEndpoint]:
    """Webhooks that were switched off, whose letter no mail server has and nobody writes now."""
    now = timezone.now()
    untold = WebhookEndpoint.objects.filter(told_at=None, switched_off_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


def untold_departures() -> QuerySet[Departure]:
    """Departures whose letter no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = Departure.objects.filter(told_at=None, created_at__lt=now - UNTOLD_AFTER)
    return untold.filter(erased_at=None).exclude(telling_until__gt=now)


def untold_archives() -> QuerySet[Archive]:
    """Archives to take whose letter no mail server has, and that nobody is writing now."""
    now = timezone.now()
    untold = Archive.objects.to_take().filter(told_at=None, made_at__lt=now - UNTOLD_AFTER)
    return untold.exclude(telling_until__gt=now)


@contextmanager
def _claim(
    row: QuerySet[Decision]
    | QuerySet[AppealLetter]
    | QuerySet[Share]
    | QuerySet[WebhookEndpoint]
    | QuerySet[Departure]
    | QuerySet[Archive]
    | QuerySet[RemovalNotice]
    | QuerySet[Apology]
    | QuerySet[EscalationLetter]
    | QuerySet[Report],
) -> Iterator[bool]:
    """Claim one letter for this worker; False means that it is told, or that another writes it.

    The claim of a worker that dies runs out, and a letter that cannot be sent is given back.
    """
    now = timezone.now()
    free = row.filter(told_at=None).exclude(telling_until__gt=now)
    is_claimed = free.update(telling_until=now + LETTER_TAKES) == 1
    try:
        yield is_claimed
    except Exception:
        row.update(telling_until=None)
        raise
    if is_claimed:
        row.update(told_at=timezone.now(), telling_until=None)


def _write_decision(decision: Decision) -> None:
    if not decision.artist.mail_decisions:
        return  # it stands on the page of the work
    submission = decision.submission
    facts = {
        "decision": decision,
        "submission": submission,
        "notes": Note.objects.told().with_clip().along_the_clip().filter(submission=submission),
        "work_url": absolute(submission.generation.get_absolute_url()),
    }
    if decision.outcome == Decision.Outcome.APPROVE:
        facts["share_url"] = absolute(submission.share.get_absolute_url())
    else:
        facts["appeal_url"] = _appeal_url(submission.pk)
        facts["appeal_until"] = last_moment_to_appeal(decision.created_at)
    _send("decision", decision.artist, facts)


def _write_about_appeal(letter: AppealLetter) -> None:
    appeal, is_artists = letter.appeal, letter.to_id == letter.appeal.artist_id
    if is_artists and not letter.to.mail_decisions:
        return  # it stands on the page of the appeal
    page = appeal if is_artists else appeal.review
    facts = {
        "appeal": appeal,
        "is_artists": is_artists,
        "page_url": absolute(page.get_absolute_url()),
    }
    if letter.kind == AppealLetter.Kind.MESSAGES:
        facts["count"] = _unread(letter)
    if appeal.refused is not None:
        facts["create_url"] = absolute("generations:create")
    elif live := Share.objects.live().filter(submission__generation=_work_of(appeal)).first():
        facts["share_url"] = absolute(live.get_absolute_url())
    _send(f"appeal_{letter.kind}", letter.to, facts)


def _work_of(appeal: Appeal) -> UUID:
    return appeal.the_submission.generation_id


def _unread(letter: AppealLetter) -> int:
    """How many messages came to somebody since the last letter about any."""
    came = AppealMessage.objects.filter(appeal=letter.appeal).exclude(author=letter.to)
    earlier = AppealLetter.objects.filter(appeal=letter.appeal, to=letter.to, kind=letter.kind)
    last = earlier.filter(told_at__isnull=False).order_by("-pk").first()
    return came.filter(created_at__gt=last.told_at).count() if last else came.count()


def _appeal_url(submission_id: UUID) -> str:
    return absolute(reverse("generations:appeal_submission", args=[submission_id]))


def _send(name: str, artist: Artist, facts: dict[str, object]) -> None:
    if artist.is_erased:
        return
    facts |= {
        "artist": artist,
        "programme_name": settings.PROGRAMME_NAME,
        "grounds_url": absolute("generations:grounds"),
    }
    with timezone.override(zone_of(artist)):
        _mail(name, artist.email, facts)


def _mail(name: str, address: str, facts: dict[str, Any]) -> None:
    subject = render_to_string(f"generations/mail/{name}_subject.txt", facts)
    body = render_to_string(f"generations/mail/{name}.txt", facts)
    send_mail(" ".join(subject.split()), body, None, [address])
