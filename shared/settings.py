"""The base class of settings: environment variables `NEWSWIRE_*`, and secrets from files."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, Self

from pydantic import AfterValidator, BeforeValidator, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.guard import Endpoint, unwrap

EXIT_CONFIG = 78
"""sysexits.h EX_CONFIG: a restart will not help."""


_MAX_PORT: Final = 65_535
_SEED: Final = re.compile(r"SU[A-Z2-7]{56}")
_MAKE: Final = "`docker compose up` makes what is missing; or name another file"


def _something(path: Path) -> str:
    """What a secret's file holds.

    Raises:
        ValueError: nothing that can be read; the sentence says why and what to do.
    """
    try:
        text = path.read_text().strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}); {_MAKE}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} holds no text; name another file") from error
    if not text:
        raise ValueError(f"{path} is empty; remove it and {_MAKE}")
    return text


def _secret(path: Path) -> Path:
    _something(path)
    return path


def _seed(path: Path) -> Path:
    if not _SEED.fullmatch(_something(path)):
        raise ValueError(f"{path} is not the seed of a NATS user; remove it and {_MAKE}")
    return path


SecretFile = Annotated[Path, AfterValidator(_secret)]
"""A file with something in it that this process may read."""


def _callback(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise ValueError(
            f"{text[:80]!r} is no address to build on; write https://news.example or https://news.example/hooks"
        )
    return text.rstrip("/")


WebsubUrl = Annotated[str, AfterValidator(_callback)]
"""Where hubs reach the intake from outside, as in https://news.example; empty: no WebSub. Fetch and intake need it."""


def _endpoints(text: object) -> object:
    """Read `127.0.0.1:8080,[::1]:8080`.

    Raises:
        ValueError: a part is not a literal IP address with a port.
    """
    if not isinstance(text, str):
        return text
    return frozenset(_endpoint(part.strip()) for part in text.split(",") if part.strip())


def _endpoint(text: str) -> Endpoint:
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= _MAX_PORT):
        raise ValueError(f"{text[:60]!r} does not end in a port; write 10.0.0.5:8080 or [fd00::5]:8080")
    return str(unwrap(host.removeprefix("[").removesuffix("]"))), int(port)


Allowed = Annotated[frozenset[Endpoint], NoDecode, BeforeValidator(_endpoints)]
"""Endpoints that are not public and may be reached all the same: sources in an intranet, servers of tests."""


class Settings(BaseSettings):
    """What every service is told. Secrets are paths of files, never values."""

    model_config = SettingsConfigDict(env_prefix="NEWSWIRE_", extra="ignore", frozen=True)

    nats_url: str = "nats://127.0.0.1:4222"
    nats_nkey_file: Annotated[Path, AfterValidator(_seed)] | None = None
    """Seed of the service's NATS user; none on loopback."""
    opensearch_url: str = "http://127.0.0.1:9200"
    opensearch_user: str = ""
    """Empty: OpenSearch asks nobody who they are, as the embedded one."""
    opensearch_password_file: SecretFile | None = None
    opensearch_ca_file: SecretFile | None = None
    """The certificate of the authority that signed OpenSearch's; none: the system's authorities."""
    http_port: int = 0
    """Where /healthz, /readyz and /metrics are served; 0: nowhere."""
    http_host: str = "127.0.0.1"
    heartbeat_file: Path | None = None
    """Touched every second by the event loop, for checks from outside of the process."""
    log_level: str = "info"

    @classmethod
    def load(cls) -> Self:
        """The settings of this process, or exit 78 with one line for each wrong variable."""
        try:
            return cls()
        except ValidationError as error:
            _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    for each in error.errors():
        sys.stderr.write(f"newswire: {sentence(each)}\n")
    sys.exit(EXIT_CONFIG)


def sentence(error: Mapping[str, Any]) -> str:
    """One of a ValidationError's `errors()`: which variable, and what is wrong with it."""
    name = "NEWSWIRE_" + "_".join(str(part) for part in error["loc"]).upper()
    said = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    return f"{name}: {said}" if str(error["input"]) in said else f"{name}: {said}; got {error['input']!r:.80}"
