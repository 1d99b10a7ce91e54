from django.apps import AppConfig

from sopan.ui.navigation import nav


class TestingConfig(AppConfig):
    name = "sopan.domains.testing"
    label = "testing"
    verbose_name = "Testing"

    def ready(self) -> None:
        from . import blind, desk, rendering, steps  # noqa: F401  register themselves
        from .menu import ENTRIES

        for entry in ENTRIES:
            nav.add(**entry)
