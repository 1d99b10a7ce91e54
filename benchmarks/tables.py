"""The tables of a database that is there for one measurement or one test."""

from __future__ import annotations


def create_tables() -> None:
    """As the models say, which is where all migrations lead, in a tenth of their time."""
    from django.apps import apps
    from django.core.management import call_command
    from django.test import override_settings

    with override_settings(MIGRATION_MODULES={app.label: None for app in apps.get_app_configs()}):
        call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
