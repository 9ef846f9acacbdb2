# ruff: noqa: RUF001 -- marks are in the letters of their languages
"""What stands at the end of a text that is cut short: an ellipsis, `[+1234 chars]`, "continue reading". Pure.

fetch asks it of what a feed says, parse of an article's text.
"""

import re
from typing import Final, NamedTuple

LOOKED_AT: Final = 300
"""Characters at the end of a text."""
PHRASE: Final = 90
"""Characters that the longest of the phrases takes with what may stand around it."""
_GOES_ON: Final = (
    "continue reading|keep reading|continue to the full (?:article|story)"
    "|read the (?:full|rest of the|whole|entire) (?:article|story|post|report|text|interview)"
    "|read full (?:article|story|post)|weiterlesen"
    "|den (?:ganzen|vollständigen|kompletten) (?:artikel|text|beitrag)"
    "|zum (?:vollständigen|ganzen) (?:artikel|text|beitrag)|lire la suite|poursuivre la lecture"
    "|continuer (?:à lire|la lecture)|lire l'article (?:complet|en entier)|seguir leyendo|sigue leyendo"
    "|siga leyendo|continuar leyendo|continúa leyendo|leer (?:la nota|el artículo) (?:completa|completo)"
    "|continue (?:lendo|a ler)|continuar (?:lendo|a ler)|leia (?:a matéria|o artigo|o texto) (?:completa|completo)"
    "|continua a leggere|continua la lettura|leggi tutto|leggi l'articolo completo|lees verder|verder lezen"
    "|czytaj dalej|czytaj całość|przeczytaj całość|читати далі|читати повністю|читайте далі|читать далее"
    "|читать дальше|читать полностью|читайте далее|четете още|прочетете цялата статия|číst dál|číst celý článek"
    "|čítať ďalej|pokračovat ve čtení|fortsätt läsa|läs hela artikeln|læs videre|les videre|les hele saken"
    "|jatka lukemista|lue koko juttu|devamını oku|haberin devamı|yazının devamı|συνέχεια ανάγνωσης"
    "|διαβάστε τη συνέχεια|διαβάστε ολόκληρο το άρθρο|citește mai departe|continuă lectura|olvass tovább"
    "|tovább olvasom|teljes cikk|nastavi čitati|opširnije|متابعة القراءة|أكمل القراءة|تابع القراءة|המשך קריאה"
    "|להמשך קריאה|לכתבה המלאה|ادامه مطلب|ادامه خبر|आगे पढ़ें|पूरी खबर पढ़ें|อ่านต่อ|đọc tiếp|xem tiếp"
    "|baca selengkapnya|lanjut baca|阅读全文|閱讀全文|查看全文|继续阅读|繼續閱讀|続きを読む|続きを見る"
    "|続きはこちら|全文を読む|전문 보기|계속 읽기"
)
"""How a link reads that leads to the rest of the same text."""
_MORE: Final = (
    "read more|see more|mehr lesen|lire plus|en lire plus|leer más|ver más|leia mais|ler mais|saiba mais"
    "|leggi di più|lees meer|czytaj więcej|читати більше|детальніше|подробнее|подробности|číst více|läs mer"
    "|læs mere|les mer|lue lisää|daha fazla|διαβάστε περισσότερα|citește mai mult|اقرأ المزيد|إقرأ المزيد"
    "|קרא עוד|بیشتر بخوانید|और पढ़ें|อ่านเพิ่มเติม|xem thêm|阅读更多|閱讀更多|もっと見る|더 보기|더보기"
)
"""The same, or one that leads to another article: which of both, the text does not say."""
_LAST_WORDS: Final = tuple({word.replace("ı", "i") for word in re.findall(r"(\w+)\)?(?:\||$)", f"{_GOES_ON}|{_MORE}")})
"""Of all these phrases. To a pattern that disregards case a dotless i is an i."""
_WORD: Final = re.compile(r"\w+")
_DOTS: Final = r"(?:…|\.{3,5})"
_BRACKET: Final = r"[\[(（【]\s?(?:…|\.{3,5}|&hellip;)\s?[\])）】]"
_COUNTED: Final = re.compile(r"\[\+\s?\d{1,7} [^\W\d]{4,12}\]\W{0,20}$")
_BRACKETED: Final = re.compile(rf"{_BRACKET}\W{{0,20}}$")
_ONWARD: Final = re.compile(
    rf"(?:^|\n|(?:{_DOTS}|{_BRACKET}|[.!?。！？»”\"')])[^\w\n]{{0,9}})(?:{_GOES_ON})\W{{0,20}}$",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(
    rf"(?:{_DOTS}|{_BRACKET})[^\w\n]{{0,9}}(?:{_GOES_ON}|{_MORE})(?!\w).{{0,150}}$",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(rf"(?:{_GOES_ON}|{_MORE})\W{{0,20}}$", re.IGNORECASE)
_ELLIPSIS: Final = re.compile(rf"{_DOTS}\W{{0,20}}$")


class CutMark(NamedTuple):
    """How a text's end says that it is cut. `sure`: a whole text does not end so; else it may."""

    raw: str
    sure: bool


def cut_mark(text: str) -> CutMark | None:
    """The mark at the end of a text that is cut short, if there is one."""
    end = text[-LOOKED_AT:].rstrip()
    near = f"{end[:-PHRASE] and ' '}{end[-PHRASE:]}"  # a text that begins there is none that goes on
    found = (
        _COUNTED.search(end) or _BRACKETED.search(end) or (_DOTTED.search(end) if "…" in end or "..." in end else None)
    )
    phrased = _may_end_in_phrase(near)
    if found or (found := _ONWARD.search(near) if phrased else None):
        return CutMark(found[0].strip(), sure=True)
    found = (_ASIDE.search(near) if phrased else None) or _ELLIPSIS.search(end)
    return CutMark(found[0].strip(), sure=False) if found else None


def _may_end_in_phrase(near: str) -> bool:
    """False for most texts in plain letters, by their last word: to search for all phrases takes long."""
    if not near.isascii():
        return True
    words = _WORD.findall(near)
    return bool(words) and words[-1].lower().endswith(_LAST_WORDS)
