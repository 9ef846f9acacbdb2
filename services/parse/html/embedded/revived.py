"""Data that Nuxt writes as one flat list, in which each value is named by its place: https://github.com/Rich-Harris/devalue."""

from typing import Any, Final

from services.parse.html.jsonld import is_list, node

DEPTH: Final = 60
VALUES_LIMIT: Final = 30_000
_WRAPPED: Final = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef", "Date"})


def revived(flat: list[Any]) -> Any:
    """The value that a flat list stands for; the list itself when it is an ordinary one."""
    first = flat[0] if flat else None
    places = items_of(first)
    if len(flat) < 2 or not places or not all(isinstance(each, int) for each in places):  # noqa: PLR2004 - itself
        return flat
    return _Reviving(flat).value(0, DEPTH)


def items_of(value: Any) -> list[Any]:
    """What a list or an object holds; of a wrapped value, what is wrapped."""
    if is_list(value):
        return value[1:] if value and value[0] in _WRAPPED else value
    return list(node(value).values())


class _Reviving:
    """Makes a tree: what several places share is made for each of them, and all of it within the limit."""

    def __init__(self, flat: list[Any]) -> None:
        self.flat = flat
        self.left = VALUES_LIMIT

    def value(self, place: Any, depth: int) -> Any:
        """The value at a place; None for what is too deep, too much or nowhere."""
        self.left -= 1
        if not isinstance(place, int) or not 0 <= place < len(self.flat) or not depth or self.left < 0:
            return None
        flat = self.flat[place]
        if is_list(flat):
            found = [self.value(each, depth - 1) for each in items_of(flat)]
            return next(iter(found), None) if flat and isinstance(flat[0], str) else found
        if isinstance(flat, dict):
            return {name: self.value(each, depth - 1) for name, each in node(flat).items()}
        return flat
