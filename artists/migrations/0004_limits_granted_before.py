"""Name the cohort that granted a limit where it was granted before that was written down."""

from django.db import migrations


def name_the_cohort(apps, schema_editor):
    limits = apps.get_model('artists', 'Limit').objects.using(schema_editor.connection.alias)
    for limit in limits.filter(artist__cohort__isnull=False).select_related('artist__cohort'):
        cohort = limit.artist.cohort
        if getattr(cohort, f'artist_{limit.period}_credits') is not None:
            limits.filter(pk=limit.pk).update(granted_by=cohort)


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0003_limits_of_a_cohort'),
    ]

    operations = [
        migrations.RunPython(name_the_cohort, migrations.RunPython.noop),
    ]
