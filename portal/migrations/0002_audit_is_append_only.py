"""The database itself refuses to change an event or to take one out.

Emptying the whole table stays possible, for that is how a database of tests is made ready again:
SQLite deletes from the first row on, PostgreSQL truncates. `manage.py audit verify` notices it.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER portal_event_is_never_changed BEFORE UPDATE ON portal_event
    BEGIN SELECT RAISE(ABORT, 'an event of the audit trail is never changed'); END
    """,
    """
    CREATE TRIGGER portal_event_is_never_removed BEFORE DELETE ON portal_event
    WHEN EXISTS (SELECT 1 FROM portal_event WHERE sequence < OLD.sequence)
    BEGIN SELECT RAISE(ABORT, 'an event of the audit trail is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION portal_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an event of the audit trail is never changed or removed'; END $$
    """,
    """
    CREATE TRIGGER portal_event_is_append_only BEFORE UPDATE OR DELETE ON portal_event
    FOR EACH ROW EXECUTE FUNCTION portal_event_is_append_only()
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER portal_event_is_never_changed",
    "DROP TRIGGER portal_event_is_never_removed",
]
POSTGRESQL_UNDO = [
    "DROP TRIGGER portal_event_is_append_only ON portal_event",
    "DROP FUNCTION portal_event_is_append_only()",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    undo = POSTGRESQL_UNDO if schema_editor.connection.vendor == "postgresql" else SQLITE_UNDO
    for statement in undo:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_audit")]
    operations = [migrations.RunPython(guard, unguard)]
