"""The server set-up: what the README promises is passed on, and can be written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVER = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
ROWS = re.findall(r"^\| (`[A-Z][^|]+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_every_documented_variable_reaches_the_program():
    documented = {name for row in ROWS for name in re.findall("`([A-Z_0-9]+)`", row)}
    image = re.findall(r"([A-Z_0-9]+)=", (ROOT / "Dockerfile").read_text())
    given = {name.removesuffix("_FILE") for name in SERVER["services"]["migrate"]["environment"]}
    assert sorted(documented - given - {*image}) == []
    assert {"EMAIL_PORT", "DEFAULT_FROM_EMAIL", "O2C_VAR"} <= documented


READ = re.compile(r"environment\.(?:text|flag|number|words)\(\s*\"([A-Z_0-9]+)\"")


def undocumented(settings, readme):
    """The variables that settings read and the pages for operators never name."""
    return sorted({name for name in READ.findall(settings) if f"`{name}" not in readme})


def test_every_variable_the_program_reads_is_documented():
    settings, readme = ((ROOT / path).read_text() for path in ("o2c/settings.py", "README.md"))
    assert undocumented(settings, readme) == []
    assert undocumented('A = environment.flag("O2C_SECRETLY")', readme) == ["O2C_SECRETLY"]
    assert len(READ.findall(settings)) > 25


def test_browsers_are_told_of_other_hosts_only_where_that_is_asked_for():
    """A browser remembers for a year what it heard once, and a preload list for longer."""

    def told(**wanted):
        names = ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD")
        ask = "import o2c.settings as s; print(*(getattr(s, 'SECURE_HSTS_' + n) for n in {}))"
        program = [sys.executable, "-c", ask.format(names)]
        given = {**os.environ, **wanted}
        run = subprocess.run(program, env=given, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        return run.stdout.decode().split()

    assert told() == ["0", "False", "False"]
    assert told(HTTPS="1") == ["31536000", "False", "False"]
    assert told(HTTPS="1", HSTS_SUBDOMAINS="1") == ["31536000", "True", "True"]
    assert told(HSTS_SUBDOMAINS="1") == ["0", "False", "False"]


def test_what_is_written_outlives_the_container_and_belongs_to_its_user():
    folders = [volume.split(":")[1] for volume in SERVER["x-program"]["volumes"]]
    assert folders == ["/srv/media", "/srv/var"]
    assert f"chown o2c: {' '.join(folders)}" in (ROOT / "Dockerfile").read_text()
    for name in ("web", "worker", "beat", "migrate"):
        assert SERVER["services"][name]["volumes"] == SERVER["x-program"]["volumes"]


def test_the_database_counts_as_ready_once_it_listens_to_others():
    """While PostgreSQL is set up for the first time, only its socket answers."""
    test = SERVER["services"]["postgres"]["healthcheck"]["test"]
    assert test == "pg_isready -h 127.0.0.1 -U o2c_owner -d o2c"
