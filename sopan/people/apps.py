from django.apps import AppConfig
from django.core import checks


class PeopleConfig(AppConfig):
    name = "sopan.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_login_failed

        from sopan.people import second_factor
        from sopan.people.failures import record_failed_login

        user_login_failed.connect(record_failed_login, dispatch_uid="people.record_failed_login")
        checks.register(second_factor.check_settings)
