from django.apps import AppConfig

from sopan.ui.navigation import nav


class DocumentsConfig(AppConfig):
    name = "sopan.documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        from . import jobs, registration, wordings  # noqa: F401  register themselves
        from .menu import ENTRIES

        for entry in ENTRIES:
            nav.add(**entry)
