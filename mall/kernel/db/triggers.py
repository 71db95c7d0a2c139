"""Migration operations for what Django constraints cannot say."""

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION mall_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class AppendOnly(RunSQL):
    """Refuse UPDATE and DELETE on ``table`` for everybody, superuser included.

    TRUNCATE stays possible: tests clean up with it. Source: reliability.md, section 1 (c).
    """

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            sql=f"{FUNCTION} CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION mall_append_only();",
            reverse_sql=f"DROP TRIGGER IF EXISTS {table}_append_only ON {table};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return self.__class__.__name__, [self.table], {}
