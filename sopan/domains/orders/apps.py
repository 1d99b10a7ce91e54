from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "sopan.domains.orders"
    label = "orders"
    verbose_name = "Orders"

    def ready(self) -> None:
        from . import steps  # noqa: F401  registers the work of the steps
