from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Inventory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog.services import register_bundle_check
        from inventory import messages
        from inventory.services.refusing import check_not_supplied
        from mall.kernel import notify

        notify.register(*messages.ALL)
        register_bundle_check(check_not_supplied)
