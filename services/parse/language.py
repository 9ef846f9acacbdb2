"""Language tags."""

import re
from typing import Final

_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}))?(?:[-_.].*)?", re.IGNORECASE)


def language_tag(raw: str | None) -> str | None:
    """`raw` as BCP 47 language, script and region: "en_us" gives "en-US"; None when it is none of them."""
    found = _TAG.fullmatch((raw or "").strip()[:64])
    if not found:
        return None
    language, script, region = found.groups()
    parts = (language.lower(), script.title() if script else None, region.upper() if region else None)
    return "-".join(part for part in parts if part)
