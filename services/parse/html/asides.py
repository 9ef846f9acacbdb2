# ruff: noqa: RUF001 -- words and marks of other scripts
"""Runs that say themselves that they are no text of the article, wherever they stand. Pure."""

import re
from typing import Final

from services.parse.html.blocks import Run
from services.parse.text.labels import GENERAL, key

CREDIT_LENGTH: Final = 120
LABEL_LENGTH: Final = 40
LINKED: Final = 0.5
"""Share of a run's characters in links from which on what follows its label is a link."""
_LAST: Final = re.compile(r"[(\[（][^()\[\]（）]{3,120}[)\]）]$")
_CREDIT: Final = re.compile(
    r"^.(?:[A-Z]{2,4} )?(?:photos?|fotos?|фото|images?|pictures?|bild|credits?|screenshot|zdjęcie|写真|사진|图)\s?"
    r"(?:[:：/]|(?:by|via|from|courtesy|von|par|de)\b)|getty images|shutterstock|/ ?(?:AFP|AP|EPA|Reuters)\b",
    re.IGNORECASE,
)
"""Whose picture it is. An agency's name alone is not enough: articles end with it, too."""


def is_aside(run: Run) -> bool:
    """Whether a run is what stands under a picture, by the credit that ends it, or leads to another article."""
    text = run.text
    credit = _LAST.search(text[-CREDIT_LENGTH - 2 :]) if text[-1] in ")]）" else None
    if credit and _CREDIT.search(credit[0]):
        return True
    label, colon, _ = text[: LABEL_LENGTH + 1].partition(":")
    return bool(colon) and run.linked > LINKED * len(text) and GENERAL.get(key(label)) == "related"
