"""The server set-up: what the README promises is passed on, and can be written."""

import re
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
