"""A few invented newsrooms at work, with what goes wrong on an ordinary day. The same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ROOMS: Final = {
    "harbour-herald": ("harbour-herald.example", "en", 7),
    "lakeside-post": ("lakeside-post.example", "en", 4),
    "tamsel-kurier": ("tamsel-kurier.example", "de", 4),
    "arnau-dispatch": ("dispatch.arnau.example", "fr", 2),
    "visti-lorvii": ("visti-lorvii.example", "uk", 3),
}
"""Source to its domain, its language, and how much of the news is its."""
SECTIONS: Final = ("Transport", "Politics", "Economy", "Culture", "Weather", "Science")
TEXTS: Final = {
    "en": (
        "{place} reopens its northern bridge after repairs, number {n}",
        "The council of {place} opened the northern bridge again on Tuesday, two weeks earlier than it had planned.",
        "Lorries had gone round by the coast road since the storm, which cost each of them forty minutes a day.",
        "The work cost {n} million, the mayor said, a quarter less than had been set aside for it.",
    ),
    "de": (
        "{place} öffnet die Nordbrücke nach der Reparatur wieder, Nummer {n}",
        "Der Rat von {place} hat die Nordbrücke am Dienstag wieder geöffnet, zwei Wochen früher als geplant.",
        "Seit dem Sturm mussten Lastwagen über die Küstenstraße fahren, was jeden Tag vierzig Minuten kostete.",
        "Die Arbeiten kosteten {n} Millionen, sagte die Bürgermeisterin, ein Viertel weniger als vorgesehen.",
    ),
    "fr": (
        "{place} rouvre son pont du nord après des réparations, numéro {n}",
        "Le conseil de {place} a rouvert mardi le pont du nord, deux semaines plus tôt que prévu.",
        "Depuis la tempête, les camions passaient par la route de la côte, ce qui coûtait quarante minutes par jour.",
        "Les travaux ont coûté {n} millions, a dit la maire, un quart de moins que ce qui était prévu.",
    ),
    "uk": (
        "{place} знову відкриває північний міст після ремонту, номер {n}",
        "Міська рада {place} у вівторок знову відкрила північний міст, на два тижні раніше, ніж планувала.",
        "Після бурі вантажівки їздили прибережною дорогою, що коштувало кожній з них сорок хвилин на день.",
        "Роботи коштували {n} мільйонів, сказала мерка, на чверть менше, ніж було передбачено.",
    ),
}
ODD: Final = 0.15
"""Part of the messages that are no new article."""
PLACES: Final = ("Velmar", "Ostby", "Lorvia", "Tamsel", "Arnau", "Greyfjord")


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw message."""

    source: str
    body: bytes
    content_type: str


def messages(count: int, now: datetime, seed: int = 7) -> Iterator[Raw]:
    """`count` raw messages: mostly articles, of the ten days before `now`."""
    chance = random.Random(seed)
    names, weights = list(ROOMS), [share for _, _, share in ROOMS.values()]
    sent: list[Raw] = []
    for number in range(count):
        source = chance.choices(names, weights)[0]
        raw = _odd(chance, source, sent) or _article(chance, source, number, now)
        sent.append(raw)
        yield raw


def _odd(chance: random.Random, source: str, sent: list[Raw]) -> Raw | None:
    """What is no new article, once in a while."""
    links = "".join(f'<li><a href="/{number}">{place} in brief</a></li>' for number, place in enumerate(PLACES * 5))
    odd = (
        *sent[-2:],
        Raw(source, b'{"headline": "cut sho', "application/json"),
        Raw(source, b"\x89PNG\r\n\x1a\n" + bytes(64), "text/html"),
        Raw(source, b"", "text/html"),
        Raw(source, b"<h1>Short note</h1><p>More will follow.</p>", "text/html"),
        Raw(source, f"<title>All news</title><ul>{links}</ul>".encode(), "text/html"),
    )
    return chance.choice(odd) if chance.random() < ODD else None


def _article(chance: random.Random, source: str, number: int, now: datetime) -> Raw:
    domain, language, _ = ROOMS[source]
    headline, *paragraphs = (text.format(place=chance.choice(PLACES), n=number + 3) for text in TEXTS[language])
    published = now - timedelta(hours=chance.triangular(0, 240, 0))
    section = chance.choices(SECTIONS, (6, 5, 4, 3, 2, 1))[0]
    page = f"""<html lang="{language}"><head><title>{headline}</title>
<link rel="canonical" href="https://{domain}/{number}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{published:%Y-%m-%dT%H:%M:00+00:00}">
<meta property="article:section" content="{section}"></head>
<body><article><h1>{headline}</h1>{"".join(f"<p>{text}</p>" for text in paragraphs)}</article></body></html>"""
    return Raw(source, page.encode(), "text/html; charset=utf-8")
