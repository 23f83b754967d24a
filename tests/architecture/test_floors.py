"""The order of the apps and of the files inside an app, by import-linter; pyproject names both."""

import subprocess
import sys

from tests.architecture.source import APPS, ROOT

UPSIDE_DOWN = """
[tool.importlinter]
root_packages = {apps}
[[tool.importlinter.contracts]]
name = "upside down"
type = "layers"
layers = ["users", "core", "partners"]
"""
UNKNOWN_FILE = """
[tool.importlinter]
root_packages = {apps}
[[tool.importlinter.contracts]]
name = "a file with no place"
type = "layers"
containers = ["orders"]
layers = ["(views)", "(models)"]
exhaustive = true
"""


def lint(config):
    tool = f"{sys.prefix}/bin/lint-imports"
    command = [tool, "--no-cache", "--no-logo", "--config", str(config)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_point_down_and_every_file_has_its_place():
    done = lint(ROOT / "pyproject.toml")
    assert done.returncode == 0, done.stdout


def test_the_contracts_can_fail(tmp_path):
    for text in (UPSIDE_DOWN, UNKNOWN_FILE):
        config = tmp_path / "contracts.toml"
        config.write_text(text.format(apps=APPS).replace("'", '"'))
        done = lint(config)
        assert done.returncode == 1
        assert "BROKEN" in done.stdout
