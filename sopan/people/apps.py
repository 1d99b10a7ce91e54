from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sopan.people"
    label = "people"
    verbose_name = "People"

