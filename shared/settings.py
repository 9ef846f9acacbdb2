"""The base class of settings: environment variables `NEWSWIRE_*`, and secrets from files."""

import sys
from pathlib import Path
from typing import NoReturn, Self

from pydantic import FilePath, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

EXIT_CONFIG = 78
"""sysexits.h EX_CONFIG: a restart will not help."""


class Settings(BaseSettings):
    """What every service is told. Secrets are paths of files, never values."""

    model_config = SettingsConfigDict(env_prefix="NEWSWIRE_", extra="ignore", frozen=True)

    nats_url: str = "nats://127.0.0.1:4222"
    nats_nkey_file: FilePath | None = None
    """Seed of the service's NATS user; none on loopback."""
    opensearch_url: str = "http://127.0.0.1:9200"
    opensearch_user: str = ""
    """Empty: OpenSearch asks nobody who they are, as the embedded one."""
    opensearch_password_file: FilePath | None = None
    opensearch_ca_file: FilePath | None = None
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
        name = "NEWSWIRE_" + "_".join(str(part) for part in each["loc"]).upper()
        sys.stderr.write(f"newswire: {name}: {each['msg']}; got {each['input']!r:.80}\n")
    sys.exit(EXIT_CONFIG)
