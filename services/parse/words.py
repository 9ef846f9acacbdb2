"""How long a text is."""

import re
from typing import Final

_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def count_words(text: str) -> int:
    """Words of `text`; in scripts without spaces (Chinese, Japanese) each character counts as one."""
    return len(_WORD.findall(text))
