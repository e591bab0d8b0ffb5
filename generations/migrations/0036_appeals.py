"""Appeals at strength; the database itself refuses one that is decided by who had a part (I9).

On SQLite a later migration that makes one of these two tables anew takes its triggers with it, and
has to put them back by `guard`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Who had a part in what is appealed against: who gave an opinion of it, decided it or took it down.
# The opinion that the appeal itself was decided by is of its own review.
ABOUT = (
    "COALESCE(NEW.submission_id, "
    "(SELECT submission_id FROM generations_share WHERE id = NEW.share_id))"
)
HAD_A_PART = f"""
    EXISTS (
        SELECT 1 FROM generations_opinion
        WHERE reviewer_id = NEW.decided_by_id AND undone_at IS NULL AND outcome <> 'escalate'
        AND about_id = {ABOUT}
        AND review_id NOT IN (SELECT id FROM generations_review WHERE appeal_id = NEW.id)
    ) OR EXISTS (
        SELECT 1 FROM generations_opinion
        WHERE id = NEW.against_id AND reviewer_id = NEW.decided_by_id
    ) OR EXISTS (
        SELECT 1 FROM generations_decision
        WHERE submission_id = {ABOUT} AND reviewer_id = NEW.decided_by_id
    ) OR EXISTS (
        SELECT 1 FROM generations_share
        WHERE id = NEW.share_id AND taken_down_by_id = NEW.decided_by_id
    )
"""
SAID_BEFORE = """
    EXISTS (
        SELECT 1 FROM generations_opinion
        WHERE about_id = NEW.about_id AND reviewer_id = NEW.reviewer_id
        AND undone_at IS NULL AND outcome <> 'escalate'
    )
"""
REFUSAL = "an appeal is decided by somebody who had no part before"
OF_AN_APPEAL = "NEW.outcome IN ('uphold', 'overturn')"
SQLITE = [
    f"""
    CREATE TRIGGER generations_appeal_begins_with_another BEFORE INSERT ON generations_appeal
    WHEN NEW.decided_by_id IS NOT NULL AND ({HAD_A_PART})
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER generations_appeal_is_decided_by_another BEFORE UPDATE ON generations_appeal
    WHEN NEW.decided_by_id IS NOT NULL AND ({HAD_A_PART})
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER generations_opinion_of_an_appeal_is_anothers BEFORE INSERT ON generations_opinion
    WHEN {OF_AN_APPEAL} AND ({SAID_BEFORE})
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION generations_appeal_is_decided_by_another() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.decided_by_id IS NOT NULL AND ({HAD_A_PART}) THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER generations_appeal_is_decided_by_another
    BEFORE INSERT OR UPDATE ON generations_appeal
    FOR EACH ROW EXECUTE FUNCTION generations_appeal_is_decided_by_another()
    """,
    f"""
    CREATE FUNCTION generations_opinion_of_an_appeal_is_anothers() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        IF {OF_AN_APPEAL} AND ({SAID_BEFORE}) THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER generations_opinion_of_an_appeal_is_anothers
    BEFORE INSERT ON generations_opinion
    FOR EACH ROW EXECUTE FUNCTION generations_opinion_of_an_appeal_is_anothers()
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER IF EXISTS generations_appeal_begins_with_another",
    "DROP TRIGGER IF EXISTS generations_appeal_is_decided_by_another",
    "DROP TRIGGER IF EXISTS generations_opinion_of_an_appeal_is_anothers",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER generations_appeal_is_decided_by_another ON generations_appeal",
    "DROP FUNCTION generations_appeal_is_decided_by_another()",
    "DROP TRIGGER generations_opinion_of_an_appeal_is_anothers ON generations_opinion",
    "DROP FUNCTION generations_opinion_of_an_appeal_is_anothers()",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL_UNDO if is_postgresql else SQLITE_UNDO:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ("generations", "0035_review_months"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AppealLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Received'), ('decided', 'Decided'), ('overturned', 'Overturned'), ('messages', 'Messages')], max_length=10)),
                ('not_before', models.DateTimeField()),
                ('told_at', models.DateTimeField(help_text='When the mail server took it.', null=True)),
                ('telling_until', models.DateTimeField(help_text='A worker is writing it.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AppealMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_from_artist', models.BooleanField(help_text='Else from who holds the appeal.')),
                ('text', models.TextField(max_length=4000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_end_has_person_and_time',
        ),
        migrations.RemoveConstraint(
            model_name='opinion',
            name='opinion_is_one_a_person_and_submission',
        ),
        migrations.AddField(
            model_name='appeal',
            name='against',
            field=models.OneToOneField(help_text='What was said that the artist wants decided again.', on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='generations.opinion'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='ground',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='generations.ground'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='outcome',
            field=models.CharField(blank=True, choices=[('uphold', 'Upheld'), ('overturn', 'Overturned'), ('withdraw', 'Taken back')], max_length=8),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='share',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='generations.share'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['ground', 'outcome'], name='appeal_ground'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('share', None), ('submission__isnull', False)), models.Q(('share__isnull', False), ('submission', None)), _connector='OR'), name='appeal_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('share',), name='appeal_is_one_open_a_share'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', '')), models.Q(('decided_at__isnull', False), ('decided_by', None), ('outcome', 'withdraw')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['uphold', 'overturn'])), _connector='OR'), name='appeal_end_has_person_and_time'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'uphold'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='opinion_upholds_with_words'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None), models.Q(('outcome__in', ['escalate', 'take_down']), _negated=True)), fields=('about', 'reviewer'), name='opinion_is_one_a_person_and_submission'),
        ),
        migrations.AddField(
            model_name='appealletter',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='generations.appeal'),
        ),
        migrations.AddField(
            model_name='appealletter',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealmessage',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='generations.appeal'),
        ),
        migrations.AddField(
            model_name='appealmessage',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeal_messages_written', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='appealletter',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['not_before'], name='appeal_untold'),
        ),
        migrations.AddConstraint(
            model_name='appealletter',
            constraint=models.UniqueConstraint(condition=models.Q(('told_at', None)), fields=('appeal', 'to', 'kind'), name='appeal_letter_is_one_untold'),
        ),
        migrations.AddIndex(
            model_name='appealmessage',
            index=models.Index(fields=['appeal', 'id'], name='appeal_thread'),
        ),
        migrations.AddConstraint(
            model_name='appealmessage',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='appeal_message_says_something'),
        ),
        migrations.RunPython(guard, unguard),
    ]
