from django.apps import AppConfig

from sopan.ui.navigation import nav


class OrdersConfig(AppConfig):
    name = "sopan.domains.orders"
    label = "orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        from . import steps  # noqa: F401  registers the work of the steps
        from .customers import assets  # noqa: F401  the worker reminds of instruments that are due
        from .menu import ENTRIES
        from .service import standard  # noqa: F401  texts of the body

        for entry in ENTRIES:
            nav.add(**entry)
