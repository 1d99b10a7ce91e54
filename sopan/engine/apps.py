from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "sopan.engine"
    label = "engine"
    verbose_name = "Engine"

    def ready(self) -> None:
        from sopan.engine import audit, starts, wordings  # noqa: F401  regular jobs and effects; the words of journal codes
