"""The programme's promise in versions; the database itself refuses to change or remove one.

As with the audit trail, emptying the whole table stays possible, for that is how a database of
tests is made ready again: SQLite deletes from the first row on, PostgreSQL truncates.
"""

import django.db.models.deletion
import generations.models.promise
from django.conf import settings
from django.db import migrations, models


SQLITE = [
    """
    CREATE TRIGGER generations_promise_stays_as_set BEFORE UPDATE ON generations_promise
    BEGIN SELECT RAISE(ABORT, 'a promise never changes'); END
    """,
    """
    CREATE TRIGGER generations_promise_stays BEFORE DELETE ON generations_promise
    WHEN EXISTS (SELECT 1 FROM generations_promise WHERE id < OLD.id)
    BEGIN SELECT RAISE(ABORT, 'a promise is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION generations_promise_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a promise never changes and is never removed'; END $$
    """,
    """
    CREATE TRIGGER generations_promise_stays BEFORE UPDATE OR DELETE ON generations_promise
    FOR EACH ROW EXECUTE FUNCTION generations_promise_stays()
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER generations_promise_stays_as_set",
    "DROP TRIGGER generations_promise_stays",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER generations_promise_stays ON generations_promise",
    "DROP FUNCTION generations_promise_stays()",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    undo = POSTGRESQL_UNDO if schema_editor.connection.vendor == "postgresql" else SQLITE_UNDO
    for statement in undo:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ("generations", "0032_answers_to_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='1, 2, 3 …', unique=True)),
                ('decide_days', models.PositiveSmallIntegerField(help_text='Working days to decide.')),
                ('appeal_days', models.PositiveSmallIntegerField(help_text='Working days to decide an appeal.')),
                ('report_days', models.PositiveSmallIntegerField(help_text='Working days to answer a report.')),
                ('weekdays', models.CharField(default='12345', help_text='Digits of the working ones, 1 for Monday.', max_length=7, validators=[generations.models.promise.ensure_weekdays])),
                ('time_zone', models.CharField(max_length=60)),
                ('holidays', models.JSONField(default=dict, help_text='Days on which nobody works, as 2026-12-25, each with its name.')),
                ('reviewers_reminded_hours', models.PositiveSmallIntegerField(help_text='Hours of working days before the due date at which all reviewers are told.')),
                ('managers_reminded_hours', models.PositiveSmallIntegerField(help_text='The same for managers, and never earlier than reviewers.')),
                ('when_late', models.CharField(choices=[('apologise', 'It stays open, with an apology and a new date'), ('silence', 'It is approved by silence, unless a check has flagged it')], default='apologise', max_length=9)),
                ('apology_days', models.PositiveSmallIntegerField(help_text='Working days from the due date that passed to the new one.')),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('set_by', models.ForeignKey(help_text='Empty: as the programme began.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-version'],
                'permissions': [('set_promise', "Can set the programme's promise")],
            },
        ),
        migrations.AddField(
            model_name='submission',
            name='promise',
            field=models.ForeignKey(help_text='In force when it was made. Empty: made before promises were kept.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='generations.promise'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('decide_days__range', (1, 60)), ('appeal_days__range', (1, 60)), ('report_days__range', (1, 60)), ('apology_days__range', (1, 60))), name='promise_days_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('reviewers_reminded_hours__lte', 240), ('managers_reminded_hours__range', (1, models.F('reviewers_reminded_hours')))), name='promise_reminds_reviewers_first'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('weekdays', ''), _negated=True), models.Q(('time_zone', ''), _negated=True)), name='promise_has_a_calendar'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('when_late__in', ['apologise', 'silence'])), name='promise_says_what_if_it_is_late'),
        ),
        migrations.RunPython(guard, unguard),
    ]
