"""What categories, brands and products say to search engines: two languages side by side. C-51."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELDS = (
    ("meta_keywords_zh", "meta_keywords_en"),
    ("meta_description_zh", "meta_description_en"),
)
SEARCH_ENGINES: tuple[Any, dict[str, Any]] = (
    _("search engines"),
    {"fields": FIELDS, "classes": ("collapse",)},
)
