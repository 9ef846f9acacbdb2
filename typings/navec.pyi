from pathlib import Path
from typing import Self

class Navec:
    @classmethod
    def load(cls, path: Path) -> Self: ...
