"""The settings of the intake."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings, WebsubUrl


class IntakeSettings(Settings):
    """Where publishers and hubs reach us."""

    intake_host: str = "127.0.0.1"
    intake_port: Annotated[int, Field(ge=1, le=65_535)] = 8090
    """Plain HTTP: whoever lets others in puts a proxy with TLS before it, since tokens travel in headers."""
    websub_url: WebsubUrl = ""
