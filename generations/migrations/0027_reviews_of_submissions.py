from django.db import migrations
from django.db.models import F, OuterRef, Subquery

from portal.ids import uuid7

AT_ONCE = 500


def queue_submissions(apps, schema_editor):
    """Give every submission its review, with the claim that it carried itself."""
    submissions = apps.get_model("generations", "Submission").objects
    reviews = apps.get_model("generations", "Review").objects
    rows = submissions.annotate(cohort=F("artist__cohort"), model=F("generation__video_model"))
    made = []
    for submission in rows.order_by("pk").iterator(AT_ONCE):
        is_claimed = submission.status == "claimed"
        open_status = "claimed" if is_claimed else "waiting"
        made.append(
            reviews.model(
                id=uuid7(),
                kind="submission",
                submission_id=submission.pk,
                about_id=submission.pk,
                artist_id=submission.artist_id,
                cohort_id=submission.cohort,
                video_model_id=submission.model,
                status="closed" if submission.closed_at else open_status,
                due_at=submission.due_at,
                claimed_by_id=submission.claimed_by_id,
                claim_expires_at=submission.claim_expires_at if is_claimed else None,
                closed_at=submission.closed_at,
            )
        )
        if len(made) == AT_ONCE:
            reviews.bulk_create(made)
            made = []
    reviews.bulk_create(made)
    of_review = submissions.filter(pk=OuterRef("submission"))
    reviews.update(created_at=Subquery(of_review.values("created_at")))
    submissions.filter(status="claimed").update(status="waiting")


def write_opinions(apps, schema_editor):
    """Let each decision be somebody's opinion, so that they do not judge the same again."""
    opinions = apps.get_model("generations", "Opinion").objects
    decisions = apps.get_model("generations", "Decision").objects.annotate(
        review=F("submission__review")
    )
    made = []
    for decision in decisions.order_by("pk").iterator(AT_ONCE):
        made.append(
            opinions.model(
                review_id=decision.review,
                about_id=decision.submission_id,
                reviewer_id=decision.reviewer_id,
                artist_id=decision.artist_id,
                outcome=decision.outcome,
                ground_id=decision.ground_id,
                reason=decision.reason,
                stands_at=decision.created_at,
                enacted_at=decision.created_at,
            )
        )
        if len(made) == AT_ONCE:
            opinions.bulk_create(made)
            made = []
    opinions.bulk_create(made)
    opinions.update(created_at=F("stands_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0026_reviews_queue'),
    ]

    operations = [
        migrations.RunPython(queue_submissions, migrations.RunPython.noop),
        migrations.RunPython(write_opinions, migrations.RunPython.noop),
    ]
