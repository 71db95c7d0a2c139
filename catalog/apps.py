from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog import subscribers
        from catalog.messages import TEMPLATES
        from catalog.selectors.edges import shelf_edge
        from catalog.shared import SHELF
        from mall.kernel import notify
        from mall.kernel.caching import register_edges

        notify.register(*TEMPLATES)
        subscribers.connect()
        register_edges("shelf", shelf_edge, tags=[SHELF])
