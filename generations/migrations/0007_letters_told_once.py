from typing import Any

from django.db import migrations, models
from django.db.models import F


def count_old_letters_as_told(apps: Any, schema_editor: Any) -> None:
    """Letters about what happened before were sent then."""
    apps.get_model("generations", "Decision").objects.update(told_at=F("created_at"))
    shares = apps.get_model("generations", "Share").objects
    shares.filter(status="taken_down").update(told_at=F("ended_at"))


class Migration(migrations.Migration):
    dependencies = [("generations", "0006_tries_and_rests")]

    operations = [
        migrations.AddField(
            "decision",
            "told_at",
            models.DateTimeField(null=True, help_text="When a letter to the artist was begun."),
        ),
        migrations.AddField(
            "share",
            "told_at",
            models.DateTimeField(
                null=True, help_text="When a letter about its take-down was begun."
            ),
        ),
        migrations.RunPython(count_old_letters_as_told, migrations.RunPython.noop),
    ]
