"""How Django writes and reads days and instants: one short form, the same in both languages.

This is the desk's form (lists, forms, calendars of `/admin/`); the shop writes its own words with
the filters of ``mall_tags``.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
DATETIME_INPUT_FORMATS = [
    f"{day} {time}" for time in TIME_INPUT_FORMATS for day in DATE_INPUT_FORMATS
]
"""The first of each is what a form shows; the others are read as well."""
