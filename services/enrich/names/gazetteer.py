"""Names that are known: places of GeoNames, given and family names, inflected forms. Files are mapped, not read.

`make models` writes the files. Each is checked against its hash when it is opened.
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import marisa_trie

from shared.contracts.enriched import PlaceKind

DATA: Final = Path(__file__).parents[1] / "data"
RECORD: Final = struct.Struct("<IffI2sBBI")
NAMED: Final = "<IB"
KINDS: Final[tuple[PlaceKind, ...]] = ("country", "region", "city")
WORD, GIVEN, FAMILY, OTHER = 1, 2, 4, 8
"""Of a place's name: it is a common word, a given name, a family name, not the place's own name."""


class TamperedError(Exception):
    """A data file is not the one that was signed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A place of GeoNames under one of its names. Degrees of WGS 84; `flags` as above."""

    geonames_id: int
    name: str
    lat: float
    lon: float
    population: int
    country: str
    kind: PlaceKind
    flags: int
    capital: bool = False

    @property
    def doubtful(self) -> bool:
        """The name means other things too."""
        return bool(self.flags & (WORD | GIVEN | FAMILY))


def verified(name: str) -> Path:
    """The path of a data file. Raises: TamperedError: it is not what was signed."""
    path = DATA / name
    expected = json.loads((DATA / "sha256.json").read_text("utf-8"))[name]
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != expected:
            raise TamperedError(f"{path} is not the file that was signed; install the package anew")
    return path


@cache
def _places() -> "marisa_trie.RecordTrie":
    return marisa_trie.RecordTrie(NAMED).mmap(str(verified("places.marisa")))


@cache
def _people() -> "marisa_trie.BytesTrie":
    return marisa_trie.BytesTrie().mmap(str(verified("people.marisa")))


@cache
def _forms() -> "marisa_trie.BytesTrie":
    return marisa_trie.BytesTrie().mmap(str(verified("forms.marisa")))


@cache
def _records() -> tuple[bytes, int]:
    content = verified("places.bin").read_bytes()
    (count,) = struct.unpack_from("<I", content)
    return content, struct.calcsize("<I") + count * RECORD.size


def load() -> None:
    """Open all files. Raises: TamperedError."""
    for file in (_places, _people, _forms, _records, _capitals):
        file()


def places(name: str) -> list[Known]:
    """All places of that name, countries first and then the largest cities."""
    return [_known(index, flags) for index, flags in sorted(_places().get(name, []))]


def is_place(name: str) -> bool:
    """Whether any place is called so."""
    return name in _places()


def _known(index: int, flags: int) -> Known:
    content, names = _records()
    record: tuple[int, float, float, int, bytes, int, int, int] = RECORD.unpack_from(content, 4 + index * RECORD.size)
    identifier, lat, lon, population, country, kind, length, start = record
    name = content[names + start : names + start + length].decode()
    code = country.decode()
    capital = _capitals().get(code) == (lat, lon)
    return Known(identifier, name, lat, lon, population, code, KINDS[kind], flags, capital=capital)


@cache
def _capitals() -> dict[str, tuple[float, float]]:
    """Where capitals are: a country stands where its capital does."""
    content, names = _records()
    records = RECORD.iter_unpack(content[4 : 4 + (names - 4) // RECORD.size * RECORD.size])
    return {country.decode(): (lat, lon) for _, lat, lon, _, country, kind, _, _ in records if KINDS[kind] == "country"}


def person(form: str) -> tuple[int, str] | None:
    """GIVEN and FAMILY as far as a form is such a name, and the name itself."""
    found = _people().get(form)
    return (found[0][0] << 1, found[0][1:].decode()) if found else None


def is_given(form: str) -> bool:
    """Whether people are given this name, or its parts: "Jean-Pierre"."""
    found = [person(part) for part in ([form] if person(form) else form.split("-"))]
    return all(each and each[0] & GIVEN for each in found)


def lemma(form: str, language: str) -> str | None:
    """The name that a form is of: "Києві" is "Київ". None: not known."""
    found = _forms().get(f"{language}:{form}")
    return found[0].decode() if found else None
