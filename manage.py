#!/usr/bin/env python
"""Django's command line; what changes the schema runs as the owner of the database."""

import os
import sys

OWNER_COMMANDS = {"migrate", "pgtrigger", "sqlflush", "flush"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    if sys.argv[1:2] and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("O2C_AS_OWNER", "1")
    from django.core.management import execute_from_command_line

    from o2c.embedded import EmbeddedError

    try:
        execute_from_command_line(sys.argv)
    except EmbeddedError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
