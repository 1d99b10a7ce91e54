from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sopan.web"
    label = "web"
    verbose_name = "Web"

    def ready(self) -> None:
        from sopan.people.menu import ENTRIES
        from sopan.ui.navigation import nav
        from sopan.web import menu
        from sopan.web.book import operations  # noqa: F401  the worker prints books
        from sopan.web.catalogue import printing  # noqa: F401  with their form
        from sopan.web.starting import telling  # noqa: F401  and tells customers that a step waits

        for entry in (*menu.ENTRIES, *ENTRIES):
            nav.add(**{"url_name": entry["key"], **entry})
