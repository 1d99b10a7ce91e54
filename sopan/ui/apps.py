from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "sopan.ui"
    label = "ui"
    verbose_name = "Screens"
