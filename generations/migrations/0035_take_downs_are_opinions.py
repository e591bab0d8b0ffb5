from django.db import migrations


def write_opinions(apps, schema_editor):
    """Let each take-down be its manager's opinion, so that they decide no appeal against it."""
    opinions = apps.get_model("generations", "Opinion").objects
    shares = apps.get_model("generations", "Share").objects
    taken_down = shares.filter(status="taken_down").select_related("submission__review")
    for share in taken_down.order_by("pk").iterator():
        made = opinions.create(
            review=share.submission.review,
            about_id=share.submission_id,
            reviewer_id=share.taken_down_by_id,
            artist_id=share.submission.artist_id,
            outcome="take_down",
            ground_id=share.ground_id,
            reason=share.reason,
            stands_at=share.ended_at,
            enacted_at=share.ended_at,
        )
        opinions.filter(pk=made.pk).update(created_at=share.ended_at)


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0034_appeals'),
    ]

    operations = [
        migrations.RunPython(write_opinions, migrations.RunPython.noop),
    ]
