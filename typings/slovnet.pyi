from pathlib import Path
from typing import Self

from navec import Navec

class Span:
    start: int
    stop: int
    type: str

class Markup:
    spans: list[Span]

class NER:
    @classmethod
    def load(cls, path: Path) -> Self: ...
    def navec(self, navec: Navec) -> Self: ...
    def __call__(self, text: str) -> Markup: ...
