"""Reads settings from the environment; `NAME_FILE` names a file that holds the secret `NAME`."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def text(name: str, default: str = "") -> str:
    """The variable, else the content of the file that `<name>_FILE` names, else the default."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return default


def flag(name: str, *, default: bool = False) -> bool:
    return text(name, str(default)).lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str, default: str, session: dict[str, str | int]) -> dict[str, object]:
    """Django's settings of the address in `<name>_URL`, with its password or `<name>_PASSWORD`.

    An address is `postgresql://user:password@host:port/database?sslmode=…`; `session` holds the
    parameters of PostgreSQL that every connection begins with.
    """
    url = text(f"{name}_URL", default)
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"{name}_URL must begin with postgresql://")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options["options"] = " ".join(f"-c {key}={value}" for key, value in session.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or text(f"{name}_PASSWORD"),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


def kept_secret(path: Path) -> str:
    """The secret in this file, which the first process to ask creates."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was faster: its secret counts
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()
