from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "sopan.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
