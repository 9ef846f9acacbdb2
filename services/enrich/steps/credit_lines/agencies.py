"""News agencies by the ways their names are written, and the words that credit somebody. Pure data."""

import re
from typing import Final

_NAMES: Final = {
    "Reuters": "Thomson Reuters|REUTERS|Reuters|Рейтер|Рейтерс",
    "Associated Press": "The Associated Press|Associated Press|AP|Ассошиэйтед Пресс|Ассошіейтед Прес",
    "Agence France-Presse": "Agence France-Presse|AFP|АФП|Франс Пресс",
    "dpa": "Deutsche Presse-Agentur|dpa-infocom|dpa-AFX|dpa|DPA",
    "EFE": "Agencia EFE|EFE",
    "Europa Press": "Europa Press",
    "PAP": "Polska Agencja Prasowa|PAP",
    "ANSA": "ANSA",
    "Interfax-Ukraine": "Interfax-Ukraine|Interfax Ukraine|Інтерфакс-Україна|Интерфакс-Украина",
    "Interfax": "Interfax|Интерфакс|Інтерфакс",
    "Ukrinform": "Ukrinform|Укринформ|Укрінформ",
    "UNIAN": "UNIAN|УНІАН|УНИАН",
    "TASS": "TASS|ТАСС",
    "RIA Novosti": "RIA Novosti|РИА Новости|РІА Новости",
    "Bloomberg": "Bloomberg News|Bloomberg|Блумберг",
    "Xinhua": "Xinhua|Синьхуа|Сіньхуа|新华社|新華社",
    "Kyodo": "Kyodo News|Kyodo|共同通信",
    "Yonhap": "Yonhap|연합뉴스",
    "Anadolu": "Anadolu Agency|Anadolu|AA",
    "APA": "APA",
    "SID": "SID",
    "epd": "epd",
    "KNA": "KNA",
    "Keystone-SDA": "Keystone-SDA|sda",
    "Belga": "Belga",
    "PA Media": "PA Media|Press Association",
    "AAP": "Australian Associated Press|AAP",
    "United Press International": "United Press International|UPI",
    "BelTA": "BelTA|БелТА|БЕЛТА",
    "CTK": "ČTK|CTK",
    "Notimex": "Notimex",
    "Lusa": "Lusa",
    "RBC-Ukraine": "РБК-Україна|РБК-Украина|RBC-Ukraine",
}
AGENCIES: Final = {written: agency for agency, names in _NAMES.items() for written in names.split("|")}
_ALL: Final = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
NAME: Final = re.compile(rf"(?<![\w-])(?:{_ALL})(?![\w])")
"""An agency's name, in its own capitals."""
_CREDITED: Final = (
    # What says that the text, or a part of it, comes from the one named next.
    r"according to|reported by|reports?|as reported by|told|source:|sources:|via|with|citing|"
    r"за матеріалами|за даними|за інформацією|за повідомленням|повідомля(?:є|ють)|повідоми(?:в|ла|ли)|передає|пише|"
    r"(?:з|із) посиланням на|джерело:|розповіли|"
    r"по материалам|по данным|по информации|по сообщению|сообща(?:ет|ют)|сообщил[аи]?|переда(?:ет|ёт|ют)|пишет|"
    r"(?:со|с) ссылкой на|источник:|"
    r"laut|mit material von|mit|quelle:|quellen:|berichtet|meldet|nach angaben (?:von|der)|"
    r"avec|selon|d['’]après|source :|rapporte|indique|"
    r"según|con información de|fuente:|informa|informó|vía|con|agencias?|"
    r"jak podaje|podaje|podała|według|źródło:|za|informuje|jak informuje|poinformowała"
)
CREDITED: Final = re.compile(
    rf"(?<!\w)(?P<how>{_CREDITED})\s?(?:(?:the|l['’]|la|el|die|der|den|agencia|agency|agence|agencja|агентству?|агентства|"
    rf"news agency|nachrichtenagentur|агентство|агенції|агентством)\s?){{0,2}}[«\"„“]?(?P<name>{_ALL})(?!\w)"
)
"""Such words in small letters, and then an agency."""
OUTLET: Final = re.compile(
    r"(?:(?<!\w)(?:[Зз]а матеріалами|[Пп]о материалам|(?:з|із) посиланням на|(?:со|с) ссылкой на|[Дд]жерело:|"
    r"[Ии]сточник:|Source:|Sources:|Source :|Quelle:|Fuente:|Źródło:))\s?[«\"„“]?"
    r"(?P<name>[A-ZА-ЯЁІЇЄҐŁŚŻ][\w’'&-]{1,30}(?:\.\w{2,10})?(?:\s[A-ZА-ЯЁІЇЄҐŁŚŻ][\w’'&-]{1,30}(?:\.\w{2,10})?){0,3})"
)
"""Words that name a source and nothing else, and then whom, agency or not."""
