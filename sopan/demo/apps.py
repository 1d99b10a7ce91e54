from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "sopan.demo"
    label = "demo"
    verbose_name = "Demo"
