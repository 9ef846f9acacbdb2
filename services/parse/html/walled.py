"""Pages that stand in an article's place: errors, consent dialogues, challenges, shells."""

import re
from typing import Final

from services.parse.findings import Draft, is_carried
from services.parse.html.clues import Clues, text_of
from services.parse.html.flow import shown_lines
from services.parse.html.sorts import Sort
from services.parse.words import count_words
from shared.walls import FEW_WORDS, SHELL_WORDS, asks_consent, challenge_in, needs_script

ERROR_WORDS: Final = 150
"""Error pages and consent dialogues say no more; articles that mention one do."""
CARRIED_WORDS: Final = 30
"""Words of an article that a page does not show, but carries as data: scripts that are not run would have shown it."""
_ERROR: Final = re.compile(
    r"^\W*(?:error\W+)?(?:40[0-9]|410|429|50[0-9])(?:\W*$|\W+(?:error|not found|page|forbidden|bad|internal|gone)\b)"
    r"|^\W*(?:error\W+(?:4|5)\d\d\b|(?:40[34]|410)\s+[|–—-]\s)"  # noqa: RUF001 - as printed
    r"|\b(?:page|article) (?:was |could )?not (?:be )?found\b"
    r"|^(?:not found|access denied|forbidden|bad gateway|service unavailable|internal server error)(?:\W*$|\s+[|–—-]\s)"  # noqa: RUF001
    r"|\bpage (?:no longer exists|does(?:n['’]t| not) exist|you(?:['’]re| are) looking for)"  # noqa: RUF001 - as printed
    r"|сторінку не знайдено|страница не найдена|seite (?:wurde )?nicht gefunden|page (?:non trouvée|introuvable)"
    r"|página no encontrada|página não encontrada|pagina non trovata|pagina niet gevonden|nie znaleziono strony"
    r"|stránka nenalezena|sidan (?:kunde inte hittas|hittades inte)|sayfa bulunamadı|ページが見つかりません|页面不存在"  # noqa: RUF001
    r"|找不到(?:该)?页面|페이지를 찾을 수 없",
    re.IGNORECASE,
)


def error_page(draft: Draft, clues: Clues) -> Sort | None:
    """Few words under a headline, or a title, that names an error."""
    said = (str(draft.fields.get("headline", "")), _title(clues))
    named = next((each for each in said if _ERROR.search(each)), None)
    if named is None or count_words(str(draft.fields.get("body", ""))) >= ERROR_WORDS:
        return None
    return Sort("error_page", f"the page calls itself {named[:80]!r}")


def consent_wall(draft: Draft, clues: Clues) -> Sort | None:
    """A body that is a cookie dialogue."""
    del clues
    body = str(draft.fields.get("body", ""))
    if count_words(body) >= ERROR_WORDS or not asks_consent(body):
        return None
    return Sort("consent_wall", "the page shows only its cookie dialogue")


def challenge(draft: Draft, clues: Clues) -> Sort | None:
    """A page of few words in all that asks who is there, or that a script has yet to fill."""
    body = count_words(str(draft.fields.get("body", "")))
    if body >= FEW_WORDS or (body >= CARRIED_WORDS and is_carried(draft.evidence.get("body"))):
        return None
    shown = "\n".join(line.text for line in shown_lines(clues.tree))
    words = count_words(shown)
    if words > FEW_WORDS:
        return None
    maker = challenge_in(clues.page.text, _title(clues), shown)
    if maker is not None:
        return Sort(
            "bot_challenge", f"it asks whether a person is there ({maker})" if maker else "it asks for a person"
        )
    if words < SHELL_WORDS and needs_script(clues.page.text):
        return Sort("javascript_shell", f"{words} words, and a script that is to bring the rest")
    return None


def _title(clues: Clues) -> str:
    title = clues.tree.find(".//title")
    return "" if title is None else text_of(title)
