"""Every background entry point. A message is a nudge: the row says what there is to do."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from generations import notices
from generations.checks import frames
from generations.erasing import services as erasing
from generations.judging import enacting, expiring, silence, tallying
from generations.media import tidying, watching
from generations.media.credentials import watching as watching_certificates
from generations.media.inspection import knowing
from generations.models import Appeal, Callback, Share, WebhookDelivery
from generations.models.generation import Status
from generations.promise import escalating, lateness, months
from generations.providers.registry import provider_named
from generations.rendering import (
    dispatching,
    fetching,
    finishing,
    lookups,
    pausing,
    polling,
    stopping,
    submitting,
    sweeping,
)
from generations.retention import services as retention
from generations.taking import making
from generations.webhooks import delivering
from portal import uploads
from portal.queues import nudge_lives_seconds


@shared_task
def dispatch() -> None:
    started = dispatching.start_next()
    for attempt_id in started:
        submit.delay(str(attempt_id))
    if len(started) == dispatching.AT_ONCE:
        dispatch.delay()


@shared_task
def submit(attempt_id: str) -> None:
    submitting.submit(UUID(attempt_id), provider_named=provider_named)
    dispatch.delay()


@shared_task
def poll() -> None:
    for finished in polling.poll_due(provider_named=provider_named):
        for generation_id in finished:
            fetch.delay(str(generation_id))
        dispatch.delay()


@shared_task
def fetch(generation_id: str) -> None:
    if fetching.fetch(UUID(generation_id), provider_named=provider_named):
        finish.delay(generation_id)


@shared_task
def finish(generation_id: str) -> None:
    finishing.finish(UUID(generation_id))
    if settings.MODERATION["url"]:
        check_frames.delay(generation_id)


@shared_task
def check_frames(generation_id: str) -> None:
    frames.check_frames(UUID(generation_id))


@shared_task
def check_due_frames() -> None:
    for generation_id in frames.due():
        check_frames.apply_async([str(generation_id)], expires=nudge_lives_seconds(60))


@shared_task
def know_copy(copy_id: str) -> None:
    knowing.get_to_know(UUID(copy_id))


@shared_task
def know_copies() -> None:
    for copy_id in knowing.unknown():
        know_copy.apply_async([str(copy_id)], expires=nudge_lives_seconds(60))


@shared_task
def watch_certificates() -> None:
    watching_certificates.watch()


@shared_task
def stop(generation_id: str) -> None:
    stopping.stop(UUID(generation_id), provider_named=provider_named)


@shared_task
def look_for_unknown() -> None:
    lookups.look_for_unknown(provider_named=provider_named)


@shared_task
def sweep() -> None:
    sweeping.end_overdue()
    sweeping.cancel_stopped()
    pausing.enact_pauses()
    sweeping.recover_submissions()
    for generation_id in stopping.left_behind():
        stop.apply_async([str(generation_id)], expires=nudge_lives_seconds(settings.LEASE_SECONDS))
    for task, status in ((fetch, Status.FETCHING), (finish, Status.FINISHING)):
        for generation_id in sweeping.left_behind(status):
            task.apply_async(
                [str(generation_id)], expires=nudge_lives_seconds(settings.LEASE_SECONDS)
            )


@shared_task
def send_webhooks() -> None:
    for endpoint_id in delivering.send_due():
        tell.delay("webhook_off", str(endpoint_id))


@shared_task
def make_archives() -> None:
    for archive_id in making.due():
        make_archive.apply_async([str(archive_id)], expires=settings.LEASE_SECONDS)


@shared_task
def make_archive(archive_id: str) -> None:
    if making.make(UUID(archive_id)):
        tell.delay("archive", archive_id)


@shared_task
def enact_opinions() -> None:
    for opinion_id in enacting.due():
        enact_opinion.apply_async([opinion_id], expires=nudge_lives_seconds(2))


@shared_task
def enact_opinion(opinion_id: int) -> None:
    ended = enacting.enact(opinion_id)
    if ended is None:
        return
    if isinstance(ended, Appeal):
        for letter_id in notices.letters_due(ended):
            tell.delay_on_commit("appeal", letter_id)
        return  # a file that it published is got to know by the next pass
    if isinstance(ended, Share):
        if ended.is_taken_down:
            tell.delay_on_commit("take_down", ended.pk)
        for report_id in notices.reports_due(ended):
            tell.delay_on_commit("report", report_id)
        return
    tell.delay_on_commit("decision", ended.pk)
    if ended.public_sha256:
        know_copy.delay_on_commit(str(ended.submission.public_copy.pk))


@shared_task
def expire_claims() -> None:
    expiring.expire_claims()


@shared_task
def escalate() -> None:
    for letter_id in escalating.escalate():
        tell.delay("escalation", letter_id)


@shared_task
def pass_dates() -> None:
    for apology_id in lateness.apologise():
        tell.delay("apology", apology_id)
    for review_id in silence.due():
        approve_by_silence.apply_async([str(review_id)], expires=nudge_lives_seconds(60))


@shared_task
def approve_by_silence(review_id: str) -> None:
    decision = silence.approve(UUID(review_id))
    if decision is not None:
        tell.delay("decision", decision.pk)
        know_copy.delay(str(decision.submission.public_copy.pk))


@shared_task
def count_review_months() -> None:
    months.count_months()


@shared_task
def fold_tallies() -> None:
    tallying.fold()


@shared_task
def tell(name: str, key: int | str) -> None:
    notices.tell(name, key)


@shared_task
def tell_untold() -> None:
    """Begin again the letters that were never begun, or that the mail server did not take."""
    for name in notices.NOTICES:
        for key in notices.untold(name).values_list("pk", flat=True):
            tell.delay(name, str(key))


@shared_task
def announce_removals() -> None:
    for notice_id in retention.announce():
        tell.delay("removal", notice_id)


@shared_task
def remove_drafts() -> None:
    if retention.remove_due() == retention.AT_ONCE:
        remove_drafts.delay()


@shared_task
def erase_departed() -> None:
    erasing.erase_due()


@shared_task
def check_files() -> None:
    watching.check_once_a_day()


@shared_task
def tidy() -> None:
    tidying.empty_scratch()
    uploads.remove_old()
    tidying.delete_removed()
    tidying.delete_first_images()
    tidying.delete_unknown()
    making.remove_outdated()
    Callback.objects.old().delete()
    WebhookDelivery.objects.give_up_outdated()
    WebhookDelivery.objects.old().delete()
