"""Names by rules that hold without a model: what stands before, inside and beside a run of capitals."""

from collections.abc import Iterator

from services.enrich.names import gazetteer
from services.enrich.names.bodies import acronyms, headed, offices
from services.enrich.names.lexicon import plain
from services.enrich.names.people import people
from services.enrich.names.placing import places
from services.enrich.names.reading import Reading
from services.enrich.names.text import Found, runs


def names(reading: Reading) -> Iterator[Found]:
    """All that the rules find; finds may overlap."""
    yield from offices(reading)
    for start, end in runs(reading.words, plain(reading.lexicon.joints)):
        begin = _without_opening(reading, start, end)
        if begin < end:
            yield from headed(reading, begin, end)
            yield from people(reading, begin, end)
            yield from places(reading, begin, end)
            yield from acronyms(reading, begin, end)


def _is_place_with_article(reading: Reading, start: int, end: int) -> bool:
    """As "Los Ángeles" and "La Haya". English has few, and quarters that are called "The Bank"."""
    return any(gazetteer.is_place(reading.text(start, stop)) for stop in range(start + 2, min(start + 4, end + 1)))


def _without_opening(reading: Reading, start: int, end: int) -> int:
    """A run without the small words that open the sentence, and without titles written with a capital there."""
    small = plain(reading.lexicon.small)
    while start < end and reading.words[start].text.lower() in small and not reading.words[start].acronym:
        if reading.lexicon.head_first and _is_place_with_article(reading, start, end):
            break
        start += 1
    return start
