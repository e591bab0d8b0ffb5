from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Apart from 0007: PostgreSQL indexes no table whose rows were changed in the same breath."""

    dependencies = [("generations", "0007_letters_told_once")]

    operations = [
        migrations.AddIndex(
            "decision",
            models.Index(fields=["created_at"], condition=Q(told_at=None), name="decision_untold"),
        ),
        migrations.AddIndex(
            "share",
            models.Index(
                fields=["ended_at"],
                condition=Q(status="taken_down", told_at=None),
                name="share_untold",
            ),
        ),
    ]
