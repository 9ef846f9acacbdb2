"""The JSON envelope of a raw article, as its publisher wrote it. Pure."""

from pydantic import ValidationError
from pydantic_core import from_json

from shared.contracts import RawEnvelope
from shared.errors import Poison


def read_envelope(body: bytes) -> RawEnvelope:
    """The envelope in `body`.

    Raises:
        Poison: `invalid_json` (also for NaN, lone surrogates and deep nesting) or `invalid_envelope`.
    """
    try:
        document = from_json(body.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError as error:
        raise Poison("invalid_json", str(error)[:200]) from error
    try:
        envelope = RawEnvelope.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the document"
        raise Poison("invalid_envelope", f"{place}: {first['msg']}") from error
    bodies = (envelope.body is not None) + (envelope.body_base64 is not None)
    if bodies > 1 or (not bodies and envelope.status == "usable"):
        raise Poison("invalid_envelope", "an envelope has either `body` or `body_base64`")
    return envelope
