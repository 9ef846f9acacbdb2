# ruff: noqa: RUF001 -- marks are in the letters of their languages
"""The words by which agencies mark the lines around their stories. Data; casefolded."""

from typing import Final

ENDS: Final = frozenset({
    "-0-", "###", "##", "-30-", "ends", "-ends-", "- ends -", "end", "-end-", "enditem", "ende", "- ende -",
    "fin", "-fin-", "fine", "koniec", "кінець", "конец", "完", "（完）", "(完)", "終", "(终)",
    "（终）", "(끝)", "끝", "nnnn", "■", "xxx", "انتهى", "ss", "τέλος", "slut", "einde", "fim",
    "sfârșit",
})  # fmt: skip
"""Lines after which there is no more story."""

MORE: Final = frozenset({
    "(more)", "-more-", "more", "(more follows)", "more follows", "mfl", "(folgt)", "(fortsetzung folgt)",
    "(suite)", "(à suivre)", "(sigue)", "(segue)", "(cdn.)", "(cdn)", "(далі буде)", "(далее)",
    "(mehr)", "(待续)", "（待续）", "(계속)", "(pokračuje)",
})  # fmt: skip
"""Lines that say that the story goes on."""

RELEASE: Final = frozenset({
    "for immediate release", "immediate release", "press release", "news release", "media release",
    "pressemitteilung", "presseinformation", "zur sofortigen veröffentlichung", "communiqué de presse",
    "pour diffusion immédiate", "nota de prensa", "comunicado de prensa", "para publicación inmediata",
    "comunicato stampa", "comunicado de imprensa", "persbericht", "pressmeddelande", "tisková zpráva",
    "informacja prasowa", "прес-реліз", "пресреліз", "пресс-релиз",
    "δελτίο τύπου", "basın bülteni", "بيان صحفي", "新闻稿", "プレスリリース", "보도자료",
    "comunicat de presă", "press note", "प्रेस विज्ञप्ति",
})  # fmt: skip
"""Lines over press releases."""

EMBARGO: Final = (
    "embargoed until", "embargoed till", "strictly embargoed until", "strictly embargoed to",
    "embargoed to", "embargoed for", "under embargo until", "embargo until", "not for release before",
    "not for publication before", "sperrfrist bis", "sperrfrist", "sous embargo jusqu'au",
    "embargo jusqu'au", "embargado hasta", "embargo hasta", "embargo fino al", "sotto embargo fino al",
    "embargo até", "onder embargo tot", "embargo tot", "embargo do", "ембарго до",
    "эмбарго до", "embargo till", "محظور النشر حتى", "禁运至", "解禁", "엠바고",
)  # fmt: skip
"""How embargo lines begin."""

NOTES: Final = (
    "eds", "editors", "note to editors", "this version corrects", "this story corrects", "this corrects",
    "adds", "updates", "updating", "corrects", "correction",
    "corrected", "clarification", "recasts", "refiles", "repeats", "fixes", "hinweis für die redaktion",
    "redaktionelle hinweise", "korrektur", "berichtigung", "rectificatif", "précision", "corrección",
    "rectificación", "errata", "rettifica", "correzione", "sprostowanie", "uzupełnienie", "correção",
    "rättelse", "correctie", "oprava", "διόρθωση", "düzeltme", "виправлення",
    "виправлено", "оновлено", "уточнення", "исправление",
    "исправлено", "уточнение", "تصحيح", "更正", "訂正", "정정",
)  # fmt: skip
"""How notes to editors begin."""

SIGNOFF: Final = (
    "reporting by", "additional reporting by", "writing by", "editing by", "edited by", "compiled by",
    "reported by", "bericht von", "bericht:", "redaktion:", "redigiert von", "reportage de", "édité par",
    "(par ", "reporte de", "editado por", "información de", "reportagem de", "edição de", "servizio di",
    "a cura di", "redaguje", "oprac.", "підготував", "підготувала",
    "подготовил", "подготовила", "haber:", "rapportering av", "(责任编辑", "责任编辑",
    "編輯", "编辑:", "(编辑", "(editing by",
)  # fmt: skip
"""How the lines begin that say who worked on the story."""

REPORTED: Final = (
    "reporting by", "reported by", "bericht von", "bericht:", "reportage de", "reporte de",
    "información de", "reportagem de", "servizio di", "підготував", "підготувала",
    "подготовил", "подготовила", "haber:", "rapportering av",
)  # fmt: skip
"""How those of them begin that name a reporter first."""

COUNTED: Final = (
    "words", "wörter", "mots", "palabras", "palavras", "parole", "słów", "слів", "слова",
    "слов", "woorden", "ord", "slov", "λέξεις", "cuvinte", "字",
)  # fmt: skip
"""What is counted in the length of a story."""
