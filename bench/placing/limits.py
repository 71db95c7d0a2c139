"""What PostgreSQL alone can do: P, the order transaction of performance.md, and its hot twin."""

from __future__ import annotations

from bench.pgbench import Load

ROWS = 10_000
TABLES = f"""
CREATE TABLE bp_stock (id int PRIMARY KEY, on_hand int NOT NULL, reserved int NOT NULL,
  CHECK (reserved >= 0));
INSERT INTO bp_stock SELECT n, 1000000000, 0 FROM generate_series(1, {ROWS}) n;
CREATE TABLE bp_order (id bigserial PRIMARY KEY, number text NOT NULL, member int NOT NULL,
  payable_fen bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE bp_line (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES bp_order,
  sku int NOT NULL, quantity int NOT NULL, payable_fen bigint NOT NULL);
CREATE INDEX ON bp_line (order_id);
CREATE TABLE bp_movement (id bigserial PRIMARY KEY, stock_id int NOT NULL REFERENCES bp_stock,
  delta int NOT NULL, order_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON bp_movement (stock_id);
"""  # noqa: S608 - our own number
WRITTEN = """
INSERT INTO bp_order (number, member, payable_fen) VALUES ('n', :a, 100) RETURNING id \\gset
INSERT INTO bp_line (order_id, sku, quantity, payable_fen)
  VALUES (:id, :a, 1, 50), (:id, :b, 1, 50);
INSERT INTO bp_movement (stock_id, delta, order_id) VALUES (:a, 1, :id), (:b, 1, :id);
"""
TAKE = "UPDATE bp_stock SET reserved = reserved + 1 WHERE id = {row} AND reserved < on_hand;\n"
DROP = "DROP TABLE bp_movement, bp_line, bp_order, bp_stock"

ORDER = Load(
    name="order",
    tables=TABLES,
    script=(
        f"\\set a random(1, {ROWS // 2})\n\\set b random({ROWS // 2 + 1}, {ROWS})\nBEGIN;\n"
        f"{TAKE.format(row=':a')}{TAKE.format(row=':b')}{WRITTEN}COMMIT;\n"
    ),
    drop=DROP,
)
HOT_ORDER = Load(
    name="hotorder",
    tables=TABLES,
    script=f"\\set a 1\n\\set b 1\nBEGIN;\n{TAKE.format(row=1) * 2}{WRITTEN}COMMIT;\n",
    drop=DROP,
)
