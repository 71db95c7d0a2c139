from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog.services import register_publish_gate, register_refresher
        from mall.kernel import notify
        from orders import messages, subscribers
        from orders.services.gating import cheapest_in_stock
        from orders.services.plan_gating import stock_gate
        from orders.tasks import refresh_marked
        from promotions.services import add_gate

        notify.register(*messages.TEMPLATES)
        subscribers.connect()
        register_refresher(refresh_marked)
        register_publish_gate(cheapest_in_stock)
        add_gate(stock_gate)
