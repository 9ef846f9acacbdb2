"""HTML's character references, read within bounds."""

import html
import re
from typing import Final

_ENDLESS: Final = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
"""More digits than any character's number has: Python refuses to read 4,301 of them, with an exception."""


def unescaped(text: str) -> str:
    """`text` with its character references read; a number that is no character's is U+FFFD, however long it is."""
    return html.unescape(_ENDLESS.sub("\ufffd", text))
