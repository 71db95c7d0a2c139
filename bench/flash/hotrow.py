"""How often one row can be counted down on this machine, in the same minutes."""

from __future__ import annotations

from bench.pgbench import Load

HOT_ROW = Load(
    name="hotrow",
    tables="CREATE TABLE hot (id int PRIMARY KEY, n bigint);"
    " INSERT INTO hot VALUES (1, 1000000000);",
    script="UPDATE hot SET n = n - 1 WHERE id = 1 AND n >= 1;\n",
    drop="DROP TABLE hot",
)
