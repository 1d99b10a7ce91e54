from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sopan.web"
    label = "web"
    verbose_name = "Web"

