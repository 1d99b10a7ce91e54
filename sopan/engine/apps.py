from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "sopan.engine"
    label = "engine"
    verbose_name = "Engine"
