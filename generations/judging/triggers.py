"""The triggers that keep the tallies, put in after every migration.

SQLite loses the triggers of a table with each migration that makes the table anew, so they are
not a migration themselves; where they were missing, the tallies are made anew as well.
"""

from typing import Any

from django.db import connections, transaction

from generations.judging import tallying

TABLE = "generations_review"
COLUMNS = "status, kind, level, is_flagged, cohort_id, video_model_id"
# What is seen in the queue: of a change of any of these the pages that show it are told.
SEEN = f"{COLUMNS}, closed_at, claimed_by_id, due_at"


def _add(row: str, count: int) -> str:
    columns = ", ".join(f"{row}.{column}" for column in COLUMNS.split(", "))
    return (
        "INSERT INTO generations_tally "
        "(status, kind, level, is_flagged, cohort, video_model, count) "
        f"SELECT {columns}, {count} WHERE {row}.closed_at IS NULL;"
    )


# A database of tests is made ready again by deleting all rows, in any order of the tables.
CLEAR = "DELETE FROM generations_tally WHERE NOT EXISTS (SELECT 1 FROM generations_review);"

SQLITE = {
    "generations_review_is_tallied": f"AFTER INSERT ON {TABLE} BEGIN {_add('NEW', 1)} END",
    "generations_review_is_tallied_anew": (
        f"AFTER UPDATE OF {SEEN} ON {TABLE} BEGIN {_add('OLD', -1)} {_add('NEW', 1)} END"
    ),
    "generations_review_is_tallied_no_more": (
        f"AFTER DELETE ON {TABLE} BEGIN {_add('OLD', -1)} {CLEAR} END"
    ),
}
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION generations_review_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN {_add("OLD", -1)} END IF;
    IF TG_OP <> 'DELETE' THEN {_add("NEW", 1)} END IF;
    RETURN NULL;
END $$
"""
POSTGRESQL = {
    "generations_review_is_tallied": (
        f"AFTER INSERT OR DELETE OR UPDATE OF {SEEN} ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION generations_review_tally()"
    ),
}
FIND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s)",
}


def ensure_triggers(using: str, **_: Any) -> None:
    """Put in the triggers that are missing and then make the tallies anew."""
    connection = connections[using]
    wanted = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return  # migrated back to before there were reviews
        cursor.execute(FIND[connection.vendor], [TABLE])
        missing = wanted.keys() - {name for (name,) in cursor.fetchall()}
        if not missing:
            return
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for name in sorted(missing):
            cursor.execute(f"CREATE TRIGGER {name} {wanted[name]}")
        tallying.make_anew()
