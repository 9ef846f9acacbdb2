"""The settings of parse."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings


class ParseSettings(Settings):
    """How much of the machine parsing may take."""

    parse_children: Annotated[int, Field(ge=1, le=64)] = 2
    """Pages parsed at once, each in a process of its own."""
