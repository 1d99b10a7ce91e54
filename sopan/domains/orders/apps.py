from django.apps import AppConfig

from sopan.ui.navigation import nav


class OrdersConfig(AppConfig):
    name = "sopan.domains.orders"
    label = "orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        from . import steps  # noqa: F401  registers the work of the steps
        from .menu import ENTRIES

        for entry in ENTRIES:
            nav.add(**entry)
