from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "sopan.engine"
    label = "engine"
    verbose_name = "Engine"

    def ready(self) -> None:
        from sopan.engine import wordings  # noqa: F401  it registers the words of the engine's own journal codes
