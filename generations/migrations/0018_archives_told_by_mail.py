from typing import Any

from django.db import migrations, models
from django.db.models import F


def count_old_archives_as_told(apps: Any, schema_editor: Any) -> None:
    archives = apps.get_model("generations", "Archive").objects
    archives.filter(status="ready").update(told_at=F("made_at"))


class Migration(migrations.Migration):
    dependencies = [("generations", "0017_video_models_of_a_cohort")]

    operations = [
        migrations.AddField("archive", "told_at", models.DateTimeField(null=True)),
        migrations.AddField("archive", "telling_until", models.DateTimeField(null=True)),
        migrations.RunPython(count_old_archives_as_told, migrations.RunPython.noop),
    ]
