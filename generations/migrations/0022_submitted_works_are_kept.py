"""What was submitted stays for good: it is no draft any more."""

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils import timezone


def keep_submitted(apps, schema_editor):
    Generation = apps.get_model("generations", "Generation")
    Submission = apps.get_model("generations", "Submission")
    submitted = Submission.objects.filter(generation=OuterRef("pk"))
    Generation.objects.filter(Exists(submitted)).update(kept_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("generations", "0021_drafts_and_their_removal")]
    operations = [migrations.RunPython(keep_submitted, migrations.RunPython.noop)]
