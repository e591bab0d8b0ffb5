"""The database keeps each version of a ground as it was published."""

from django.db import migrations

COLUMNS = "code, version, title, text, examples, published_at"
SQLITE = [
    f"""
    CREATE TRIGGER generations_ground_stays_as_published
    BEFORE UPDATE OF {COLUMNS} ON generations_ground
    BEGIN SELECT RAISE(ABORT, 'a published ground never changes'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION generations_ground_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a published ground never changes'; END $$
    """,
    f"""
    CREATE TRIGGER generations_ground_stays_as_published
    BEFORE UPDATE OF {COLUMNS} ON generations_ground
    FOR EACH ROW EXECUTE FUNCTION generations_ground_stays()
    """,
]
SQLITE_UNDO = ["DROP TRIGGER generations_ground_stays_as_published"]
POSTGRESQL_UNDO = [
    "DROP TRIGGER generations_ground_stays_as_published ON generations_ground",
    "DROP FUNCTION generations_ground_stays()",
]


def guard(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_UNDO if on_sqlite else POSTGRESQL_UNDO:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0029_two_reviewers'),
    ]

    operations = [
        migrations.RunPython(guard, unguard),
    ]
