"""The base of every contract: immutable, tolerant of unknown fields, strict about values."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from shared.errors import Poison


def _to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # year 1 or 9999 with an offset
        raise ValueError("moment is outside the calendar") from error


Utc = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with its zone known, kept in UTC."""

Token = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
"""One token of a subject: a source, an alert."""

Line = Annotated[str, StringConstraints(max_length=2_000)]
"""Text of at most a line or two: titles, names, raw values."""

Url = Annotated[str, StringConstraints(max_length=4_096)]
"""An address as published; not fetched from, so not validated further."""


TOLD = 500
"""Characters of what is said about a wrong message: names of fields in it may be as long as it is."""


class Contract(BaseModel):
    """A message body. Within a major version fields are only added, and unknown ones are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    @classmethod
    def read(cls, body: bytes) -> Self:
        """From the body of a message.

        Raises:
            Poison: `invalid_message`, naming the first field that is wrong.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "body"
            raise Poison("invalid_message", f"{cls.__name__}: {place}: {first['msg']}"[:TOLD]) from error
