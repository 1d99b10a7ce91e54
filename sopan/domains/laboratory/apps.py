from django.apps import AppConfig

from sopan.ui.navigation import nav


class LaboratoryConfig(AppConfig):
    name = "sopan.domains.laboratory"
    label = "laboratory"
    verbose_name = "Laboratory"

    def ready(self) -> None:
        from . import blind, desk, jobs, previews, rendering, steps  # noqa: F401  register themselves
        from .menu import ENTRIES
        from .validity import dashboard  # noqa: F401  registers itself

        for entry in ENTRIES:
            nav.add(**entry)
