"""The settings of enrich."""

from typing import Annotated

from pydantic import Field, field_validator

from services.enrich.steps import STEPS
from shared.settings import Settings


class EnrichSettings(Settings):
    """How much of the machine enriching may take."""

    enrich_children: Annotated[int, Field(ge=1, le=64)] = 2
    """Articles enriched at once, each in a process of its own; what they load is shared."""
    enrich_steps: str = ""
    """Names of the steps to run, with commas between; empty: all. What a step needs must be among them."""

    @field_validator("enrich_steps")
    @classmethod
    def _known(cls, value: str) -> str:
        known = {step.name: step for step in STEPS}
        asked = _split(value)
        if unknown := [name for name in asked if name not in known]:
            raise ValueError(f"no step is called {', '.join(unknown)}; there are {', '.join(known)}")
        if needed := sorted({need for name in asked for need in known[name].needs} - set(asked)):
            raise ValueError(f"these steps need {', '.join(needed)} too")
        return value

    def chosen(self) -> tuple[str, ...]:
        """The names of the steps to run, in their order."""
        asked = _split(self.enrich_steps)
        return tuple(step.name for step in STEPS if not asked or step.name in asked)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
