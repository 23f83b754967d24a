"""The Chromium that browser tests and screenshots drive: Debian's, silent and without a profile."""

import shutil

EXECUTABLE = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = "There is no chromium: sudo apt-get install chromium"
