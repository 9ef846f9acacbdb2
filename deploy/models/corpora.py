"""Labelled sentences that models of names may be trained on, by language: who made them, and how they are divided.

German: GermEval 2014 (news and Wikipedia, CC BY 4.0), as `NER-de-*.tsv`. French: WiNER-fr (Wikinews of 2016 to 2018,
texts CC BY 2.5, labels CC BY 4.0), the repository YoannDupont/WiNER-fr as `WiNER-fr/`. Spanish: AnCora (news, CC BY
4.0), `es_ancora-ud-dev.conllu` and `es_ancora-ud-test.conllu` of UD_Spanish-AnCora as they were on 29 October 2021
(commit 642d3bc; its makers put the corpus under CC BY 4.0 two hours later, doi 10.5281/zenodo.4762030, and this commit
still had the GPL's text). Polish: the part of KPWr that is its test set (Wrocław University of Technology, CC BY 3.0 as
clarin-pl/kpwr-ner says), as `kpwr-ner-n82-test.iob`. Outer names of people, organisations and places are learned; what
a set calls other, derived or part of a word is none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from services.enrich.names import trained
from services.enrich.names.text import words

_TIGHT: Final = frozenset(",.;:!?)%»”’")
_OPENING: Final = frozenset("(„«")
_END: Final = frozenset(".!?")


class Sentence(NamedTuple):
    """A text with its names: start, end, label."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def germeval(file: Path) -> Iterator[Sentence]:
    """The sentences of a GermEval file: a word a line, with its outer label third."""
    for block in file.read_text("utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and not line.startswith("#")]
        if rows:
            yield joined([(row[1], row[2]) for row in rows])


_KPWR: Final = (
    ("nam_liv_person", "PER"), ("nam_org_nation", ""), ("nam_org", "ORG"), ("nam_loc", "LOC"), ("nam_fac_goe", "LOC"),
    ("nam_fac_road", "LOC"), ("nam_fac_square", "LOC"), ("nam_fac_park", "LOC"),
)  # fmt: skip
"""How the fine labels of KPWr begin, and what they are here; "Polacy" are no organisation."""


def kpwr(file: Path) -> Iterator[list[Sentence]]:
    """The documents of a KPWr file: a word a line, with its label last."""
    for document in file.read_text("utf-8").split("-DOCSTART FILE ")[1:]:
        _, _, text = document.partition("\n")
        blocks = ([line.split("\t") for line in block.splitlines() if line] for block in text.split("\n\n"))
        yield [joined([(row[0], _label_of(row[-1])) for row in rows]) for rows in blocks if rows]


def _label_of(label: str) -> str:
    kind = next((ours for theirs, ours in _KPWR if label[2:].startswith(theirs)), "")
    return f"{label[:2]}{kind}" if kind else "O"


_WINER: Final = {"Person": "PER", "Organization": "ORG", "Location": "LOC", "Event": "", "Product": ""}
"""Its kinds that are names, and what they are here; dates are in names, and no name is in a date."""


def winer(document: Path) -> Iterator[Sentence]:
    """The sentences of a document of WiNER, whose labels are in a file beside it (brat's standoff format)."""
    text = document.read_text("utf-8")
    found = list(_outer(_standoff(document.with_suffix(".ann").read_text("utf-8"))))
    for words_ in trained.sentences(words(text)):
        start, end = words_[0].start, words_[-1].end
        inside = ((first - start, last - start, kind) for first, last, kind in found if start <= first and last <= end)
        yield Sentence(text[start:end], tuple(each for each in inside if each[2]))


def _standoff(lines: str) -> Iterator[tuple[int, int, str]]:
    for line in lines.splitlines():
        kind, start, end = line.split("\t")[1].split(" ")
        if kind in _WINER:
            yield int(start), int(end), _WINER[kind]


def _outer(names: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Those that are in no other."""
    reached = 0
    for start, end, kind in sorted(names, key=lambda each: (each[0], -each[1])):
        if start >= reached:
            yield start, end, kind
            reached = end


_WORD: Final = re.compile(r"\d+(?:-\d+)?\t")
_ANCORA: Final = {"p": "PER", "o": "ORG", "l": "LOC"}


def ancora(file: Path) -> Iterator[list[Sentence]]:
    """The documents of a file of AnCora's whose names all have a kind, in the tag of their first word: "np0000o"."""
    for document in file.read_text("utf-8").split("# newdoc id = ")[1:]:
        blocks = [[line.split("\t") for line in block.splitlines() if _WORD.match(line)]
                  for block in document.split("\n\n")]  # fmt: skip
        tags = [row[4] for rows in blocks for row in rows if row[4].startswith("np")]
        if tags and all(tag[6:] in {"p", "o", "l", "a"} for tag in tags):
            texts = re.findall(r"^# text = (.*)$", document, re.MULTILINE)
            yield [_proper(text, rows) for text, rows in zip(texts, filter(None, blocks), strict=True)]


def _proper(text: str, rows: Sequence[Sequence[str]]) -> Sentence:
    """A sentence with its names; MWE has the words of one as the text has them: "Defensoría_del_Pueblo"."""
    names, at, within = list[tuple[int, int, str]](), 0, 0
    for number, form, _, _, tag, *_, more in rows:
        if "-" in number:
            within = int(number.split("-")[1])
        elif int(number) <= within:
            continue  # a word of a contraction
        at = text.index(form, at)
        whole = re.search(r"MWE=([^|]+)", more)
        if kind := _ANCORA.get(tag[6:]) if tag.startswith("np0000") else None:
            name = "_".join(map(re.escape, whole[1].split("_"))).replace("_", r"\s*") if whole else re.escape(form)
            if found := re.compile(name).match(text, at):
                names.append((at, found.end(), kind))
        at += len(form)
    return Sentence(text, tuple(names))


class Labelled(NamedTuple):
    """Sentences to train on, and others to score by."""

    training: Sequence[Sentence]
    held_out: Sequence[Sentence]


def german(folder: Path) -> Labelled:
    """The larger of two files, and the other."""
    return Labelled(list(germeval(folder / "NER-de-test.tsv")), list(germeval(folder / "NER-de-dev.tsv")))


def french(folder: Path) -> Labelled:
    """The news of 2016 and 2017, and that of 2018."""
    documents = sorted((folder / "WiNER-fr").glob("20*/*/*.txt"))
    if not documents:
        raise FileNotFoundError(2, "no documents", str(folder / "WiNER-fr"))
    parts: tuple[list[Sentence], list[Sentence]] = ([], [])
    for document in documents:
        parts[document.name.startswith("2018")].extend(winer(document))
    return Labelled(*parts)


def spanish(folder: Path) -> Labelled:
    """Every fifth document is held out."""
    files = [folder / f"es_ancora-ud-{part}.conllu" for part in ("dev", "test")]
    return _fifths([document for file in files for document in ancora(file)])


def polish(folder: Path) -> Labelled:
    """Every fifth document is held out: they are in the order of their kind."""
    return _fifths(list(kpwr(folder / "kpwr-ner-n82-test.iob")))


def _fifths(documents: Sequence[Sequence[Sentence]]) -> Labelled:
    training = [sentence for at, each in enumerate(documents) if at % 5 for sentence in each]
    return Labelled(training, [sentence for each in documents[::5] for sentence in each])


SETS: Final[dict[str, Callable[[Path], Labelled]]] = {"de": german, "fr": french, "es": spanish, "pl": polish}


def joined(rows: Iterable[tuple[str, str]]) -> Sentence:
    """Words with labels as a text with names."""
    text, names, opened = "", list[tuple[int, int, str]](), False
    for word, label in rows:
        if text and word not in _TIGHT and text[-1] not in _OPENING:
            text += " "
        start, text = len(text), text + word
        kind = label[2:] if label[2:] in trained.KINDS else ""
        if kind and label[0] == "I" and opened:
            names[-1] = (names[-1][0], len(text), kind)
        elif kind:
            names.append((start, len(text), kind))
        opened = bool(kind)
    return Sentence(text, tuple(names))
