"""The command ``sopan``: its own commands and Django's."""

import os
import sys
from importlib import import_module

# Commands that read files and nothing else: they begin in a fraction of the time without applications and database.
APART = {"import": "sopan.web.management.commands.import"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sopan.settings")
    if (module := APART.get(" ".join(sys.argv[1:2]))) is not None:
        import_module(module).Command().run_from_argv(sys.argv)
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
