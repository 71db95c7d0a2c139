"""What a database consists of, line by line: two that say the same hold the same tables."""

SCHEMA = """
SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
    attidentity, attgenerated, attcollation::regcollation, pg_get_expr(adbin, adrelid))
  FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
  JOIN pg_class ON pg_class.oid = attrelid
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger
  JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
UNION ALL SELECT concat_ws(' ', proname, prosrc) FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT concat_ws(' ', app, name) FROM django_migrations
"""
