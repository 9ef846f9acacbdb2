"""How long a text is."""

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@lru_cache(maxsize=2)  # an article's body is counted where it is found, judged and written
def count_words(text: str) -> int:
    """Words of `text`; in scripts without spaces (Chinese, Japanese) each character counts as one."""
    return len(_WORD.findall(text))
