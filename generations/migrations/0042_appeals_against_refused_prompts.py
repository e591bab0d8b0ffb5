"""Appeals against refused prompts. On SQLite the table of appeals is made anew for it, which takes
its triggers with it: they are put back, here and on the way back. What they ask holds as it is: of
an appeal against nothing that a person said, nobody had a part but its artist, whom a CHECK bars.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

TABLE = "generations_appeal"


def guard_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in import_module("generations.migrations.0036_appeals").SQLITE:
        if f" ON {TABLE}\n" in statement:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0041_notes_on_frames'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_is_about_one_thing',
        ),
        migrations.AddField(
            model_name='appeal',
            name='refused',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='generations.refusedprompt'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='against',
            field=models.OneToOneField(help_text='What was said that the artist wants decided again; of a refused prompt nothing.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='generations.opinion'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refused', None), ('share', None), ('submission__isnull', False)), models.Q(('refused', None), ('share__isnull', False), ('submission', None)), models.Q(('refused__isnull', False), ('share', None), ('submission', None)), _connector='OR'), name='appeal_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('against', None), ('refused__isnull', False)), models.Q(('against__isnull', False), ('refused', None)), _connector='OR'), name='appeal_against_fits_what_it_is_about'),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
