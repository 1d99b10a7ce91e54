from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    name = "sopan.domains.laboratory"
    label = "laboratory"
    verbose_name = "Laboratory"

    def ready(self) -> None:
        from . import blind, desk, rendering, steps  # noqa: F401  register themselves
