"""Checks before people; the database itself keeps every version of a rule as it was.

As with the terms, emptying a whole table stays possible: SQLite deletes from the first row on,
PostgreSQL truncates.
"""

import django.db.models.deletion
import django.utils.timezone
import portal.ids
import uuid
from django.conf import settings
from django.db import migrations, models


SAYS = "number, version, title, kind, text, ground_id, action, made_by_id, made_at"
SQLITE = [
    f"""
    CREATE TRIGGER generations_check_rule_stays_as_made
    BEFORE UPDATE OF id, {SAYS} ON generations_checkrule
    BEGIN SELECT RAISE(ABORT, 'a version of a rule never changes'); END
    """,
    """
    CREATE TRIGGER generations_check_rule_stays BEFORE DELETE ON generations_checkrule
    WHEN EXISTS (SELECT 1 FROM generations_checkrule WHERE id < OLD.id)
    BEGIN SELECT RAISE(ABORT, 'a version of a rule is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION generations_check_rule_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a version of a rule never changes and is never removed'; END $$
    """,
    f"""
    CREATE TRIGGER generations_check_rule_stays
    BEFORE UPDATE OF id, {SAYS} OR DELETE ON generations_checkrule
    FOR EACH ROW EXECUTE FUNCTION generations_check_rule_stays()
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER generations_check_rule_stays_as_made",
    "DROP TRIGGER generations_check_rule_stays",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER generations_check_rule_stays ON generations_checkrule",
    "DROP FUNCTION generations_check_rule_stays()",
]


def guard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_UNDO if is_sqlite else POSTGRESQL_UNDO:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0019_content_credentials'),
        ("generations", "0037_take_downs_are_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Of the rule; all its versions have it.')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('title', models.CharField(help_text='As artists read it who are refused by it.', max_length=80)),
                ('kind', models.CharField(choices=[('words', 'Words'), ('person', 'Real people, by name'), ('pattern', 'A pattern')], max_length=7)),
                ('text', models.TextField(help_text='What is looked for, one a line.', max_length=20000)),
                ('action', models.CharField(choices=[('flag', 'Flag it for the reviewers'), ('refuse', 'Refuse it')], max_length=6)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(help_text='Replaced or retired; empty: in force.', null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ground', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_rules', to='generations.ground')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FramesDue',
            fields=[
                ('generation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='frames_due', serialize=False, to='generations.generation')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='frames_due')],
            },
        ),
        migrations.CreateModel(
            name='RefusedPrompt',
            fields=[
                ('id', models.UUIDField(default=portal.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('prompt', models.TextField(help_text='Empty once it is erased.')),
                ('prompt_sha256', models.CharField(max_length=64)),
                ('category', models.CharField(blank=True, help_text='Of the moderation server; empty where a rule did it.', max_length=60)),
                ('times', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('allowed_at', models.DateTimeField(help_text='Since an appeal was won.', null=True)),
                ('artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refused_prompts', to=settings.AUTH_USER_MODEL)),
                ('ground', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generations.ground')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generations.checkrule')),
                ('token', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='artists.token')),
                ('video_model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generations.videomodel')),
            ],
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('prompt', 'The prompt'), ('frames', 'The pictures')], max_length=6)),
                ('source', models.CharField(choices=[('rules', 'A rule of the programme'), ('moderation', 'The moderation server')], max_length=10)),
                ('outcome', models.CharField(choices=[('pass', 'Passed'), ('flag', 'Flagged'), ('refuse', 'Refused')], max_length=6)),
                ('list_version', models.PositiveIntegerField(help_text='Of the rules then in force.', null=True)),
                ('model', models.CharField(blank=True, help_text='Of the moderation server.', max_length=100)),
                ('scores', models.JSONField(default=dict, help_text='By category, from 0 to 1.')),
                ('words', models.CharField(blank=True, help_text='For the reviewers.', max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('generation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='generations.generation')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='generations.checkrule')),
                ('refused', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='generations.refusedprompt')),
            ],
        ),
        migrations.CreateModel(
            name='RuleList',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('stamp', models.UUIDField(default=uuid.uuid4)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='rule_list_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=60)),
                ('flag_at', models.PositiveSmallIntegerField(null=True)),
                ('refuse_at', models.PositiveSmallIntegerField(help_text='Of prompts alone.', null=True)),
                ('cohort', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='thresholds', to='artists.cohort')),
                ('ground', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generations.ground')),
            ],
        ),
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.UniqueConstraint(fields=('number', 'version'), name='check_rule_version_is_one'),
        ),
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('number',), name='check_rule_is_once_in_force'),
        ),
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['flag', 'refuse']), ('kind__in', ['words', 'person', 'pattern'])), name='check_rule_is_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('title', ''), _negated=True)), name='check_rule_says_something'),
        ),
        migrations.AddIndex(
            model_name='refusedprompt',
            index=models.Index(fields=['artist', '-id'], name='refused_prompt_mine'),
        ),
        migrations.AddIndex(
            model_name='refusedprompt',
            index=models.Index(fields=['artist', 'prompt_sha256'], name='refused_prompt_same'),
        ),
        migrations.AddConstraint(
            model_name='refusedprompt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('category', ''), ('rule__isnull', False)), models.Q(('rule', None), models.Q(('category', ''), _negated=True)), _connector='OR'), name='refused_prompt_names_what_refused'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('generation__isnull', False), ('refused', None)), models.Q(('generation', None), ('refused__isnull', False)), _connector='OR'), name='check_has_one_subject'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('list_version__isnull', False), ('rule__isnull', False), ('source', 'rules')), models.Q(('list_version', None), ('rule', None), ('source', 'moderation')), _connector='OR'), name='check_names_its_rule'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['pass', 'flag', 'refuse']), ('stage__in', ['prompt', 'frames'])), name='check_outcome_is_known'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'refuse'), _negated=True), models.Q(('refused__isnull', False), ('stage', 'prompt')), _connector='OR'), name='check_refuses_prompts_alone'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'moderation'), ('stage', 'frames')), fields=('generation',), name='check_of_frames_is_one'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.UniqueConstraint(fields=('cohort', 'category'), name='threshold_is_one'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.UniqueConstraint(condition=models.Q(('cohort', None)), fields=('category',), name='threshold_of_programme_is_one'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('flag_at', None), ('flag_at__range', (1, 100)), _connector='OR'), models.Q(('refuse_at', None), models.Q(('ground__isnull', False), ('refuse_at__range', (1, 100))), _connector='OR')), name='threshold_is_per_cent_with_ground'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.CheckConstraint(condition=models.Q(('flag_at', None), ('refuse_at', None), ('refuse_at__gte', models.F('flag_at')), _connector='OR'), name='threshold_flags_before_it_refuses'),
        ),
        migrations.RunPython(guard, unguard),
    ]
