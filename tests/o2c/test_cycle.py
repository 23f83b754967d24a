"""`make cycle` and `make bench` keep to a database of their own."""

import os
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.models import Company

ROOT = Path(__file__).resolve().parents[2]


def test_the_cycle_founds_nothing_in_a_database_of_others(db, settings):
    before = settings.CLOCK_SHIFT
    with pytest.raises(CommandError) as refused:
        call_command("cycle")
    assert str(refused.value) == (
        "The cycle makes its own company and its own day, in a database of its own: "
        "run `make cycle`, or unset DATABASE_URL."
    )
    assert not Company.objects.exists()
    assert before == settings.CLOCK_SHIFT


@pytest.mark.parametrize("target", ["cycle", "bench"])
def test_the_targets_forget_the_servers_of_the_environment(target, tmp_path):
    """The recipe runs with a stand-in for Python that shows what it is given."""
    python = tmp_path / "python"
    python.write_text('#!/bin/bash\nenv > "$0.env"\n')
    python.chmod(0o755)
    of_others = {
        "DATABASE_URL": "postgresql://o2c@books/o2c",
        "DATABASE_OWNER_PASSWORD_FILE": "/run/secrets/owner",
        "REDIS_URL": "redis://books",
        "EMAIL_HOST": "mail.example",
        "MEDIA_ROOT": "/srv/media",
        "O2C_VAR": "/srv/var",
    }
    recipe = subprocess.check_output(["make", "-n", target, f"PY={python}"], cwd=ROOT, text=True)
    body = recipe[recipe.index("rm -rf") :]
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", body],
        env={**os.environ, **of_others},
        cwd=tmp_path,
        check=True,
    )
    given = dict(line.split("=", 1) for line in Path(f"{python}.env").read_text().splitlines())
    assert given.keys() & of_others.keys() == {"O2C_VAR"}
    assert given["O2C_VAR"].startswith(f"{ROOT}/var/")
