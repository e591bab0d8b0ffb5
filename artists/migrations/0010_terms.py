"""Terms and what people answered to them; the database itself keeps both as they were.

A published version never changes, and nobody's yes changes or goes. As with the audit trail,
emptying a whole table stays possible, for that is how a database of tests is made ready again:
SQLite deletes from the first row on, PostgreSQL truncates.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


SQLITE = [
    """
    CREATE TRIGGER artists_terms_stay_as_published BEFORE UPDATE ON artists_terms
    WHEN OLD.published_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END
    """,
    """
    CREATE TRIGGER artists_terms_stay BEFORE DELETE ON artists_terms
    WHEN OLD.published_at IS NOT NULL AND EXISTS (SELECT 1 FROM artists_terms WHERE id < OLD.id)
    BEGIN SELECT RAISE(ABORT, 'a published version is never removed'); END
    """,
    """
    CREATE TRIGGER artists_acceptance_is_of_a_text BEFORE INSERT ON artists_acceptance
    WHEN NOT EXISTS (
        SELECT 1 FROM artists_terms
        WHERE id = NEW.terms_id AND sha256 = NEW.sha256 AND published_at IS NOT NULL
    )
    BEGIN SELECT RAISE(ABORT, 'nobody accepts what is not published, or not so'); END
    """,
    """
    CREATE TRIGGER artists_acceptance_stays_as_given
    BEFORE UPDATE OF id, artist_id, terms_id, sha256, accepted_at ON artists_acceptance
    BEGIN SELECT RAISE(ABORT, 'an acceptance never changes'); END
    """,
    """
    CREATE TRIGGER artists_acceptance_stays BEFORE DELETE ON artists_acceptance
    WHEN EXISTS (SELECT 1 FROM artists_acceptance WHERE id < OLD.id)
    BEGIN SELECT RAISE(ABORT, 'an acceptance is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION artists_terms_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a published version never changes and is never removed'; END $$
    """,
    """
    CREATE TRIGGER artists_terms_stay BEFORE UPDATE OR DELETE ON artists_terms
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION artists_terms_stay()
    """,
    """
    CREATE FUNCTION artists_acceptance_is_of_a_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM artists_terms
            WHERE id = NEW.terms_id AND sha256 = NEW.sha256 AND published_at IS NOT NULL
        ) THEN RAISE EXCEPTION 'nobody accepts what is not published, or not so';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER artists_acceptance_is_of_a_text BEFORE INSERT ON artists_acceptance
    FOR EACH ROW EXECUTE FUNCTION artists_acceptance_is_of_a_text()
    """,
    """
    CREATE FUNCTION artists_acceptance_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an acceptance never changes and is never removed'; END $$
    """,
    """
    CREATE TRIGGER artists_acceptance_stays
    BEFORE UPDATE OF id, artist_id, terms_id, sha256, accepted_at OR DELETE ON artists_acceptance
    FOR EACH ROW EXECUTE FUNCTION artists_acceptance_stays()
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER artists_terms_stay_as_published",
    "DROP TRIGGER artists_terms_stay",
    "DROP TRIGGER artists_acceptance_is_of_a_text",
    "DROP TRIGGER artists_acceptance_stays_as_given",
    "DROP TRIGGER artists_acceptance_stays",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER artists_terms_stay ON artists_terms",
    "DROP FUNCTION artists_terms_stay()",
    "DROP TRIGGER artists_acceptance_is_of_a_text ON artists_acceptance",
    "DROP FUNCTION artists_acceptance_is_of_a_text()",
    "DROP TRIGGER artists_acceptance_stays ON artists_acceptance",
    "DROP FUNCTION artists_acceptance_stays()",
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
        ('artists', '0009_pauses'),
    ]

    operations = [
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('programme', 'Programme terms'), ('confidentiality', 'Confidentiality'), ('sharing', 'Sharing policy'), ('privacy', 'Privacy')], max_length=20)),
                ('version', models.PositiveIntegerField(help_text='1, 2, 3 … in each kind.')),
                ('text', models.TextField(help_text='Markdown.', max_length=100000)),
                ('sha256', models.CharField(help_text='Of the text in UTF-8.', max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('takes_effect_at', models.DateTimeField(null=True)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kind', '-version'],
                'permissions': [('publish_terms', 'Can write and publish terms')],
            },
        ),
        migrations.CreateModel(
            name='Decline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declines', to=settings.AUTH_USER_MODEL)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declines', to='artists.terms')),
            ],
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(help_text='Of the text that was accepted.', max_length=64)),
                ('accepted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ip_address', models.GenericIPAddressField(null=True)),
                ('user_agent', models.CharField(blank=True, max_length=300)),
                ('told_at', models.DateTimeField(null=True)),
                ('telling_until', models.DateTimeField(null=True)),
                ('artist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to=settings.AUTH_USER_MODEL)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='artists.terms')),
            ],
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.UniqueConstraint(fields=('kind', 'version'), name='terms_version_is_one'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('kind',), name='terms_one_draft_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('takes_effect_at', None)), models.Q(('published_at__isnull', False), ('takes_effect_at__gte', models.F('published_at'))), _connector='OR'), name='terms_take_effect_once_published'),
        ),
        migrations.AddConstraint(
            model_name='decline',
            constraint=models.UniqueConstraint(fields=('artist', 'terms'), name='decline_is_one'),
        ),
        migrations.AddIndex(
            model_name='acceptance',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['accepted_at'], name='acceptance_untold'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(fields=('artist', 'terms'), name='acceptance_is_one'),
        ),
        migrations.RunPython(guard, unguard),
    ]
