from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "sopan.documents"
    label = "documents"
    verbose_name = "Documents"
