"""Data that Nuxt writes as one flat list, in which each value is named by its place: https://github.com/Rich-Harris/devalue."""

from typing import Any, Final

from services.parse.html.jsonld import is_list, node

DEPTH: Final = 60
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
    def __init__(self, flat: list[Any]) -> None:
        self.flat = flat
        self.known: dict[int, Any] = {}

    def value(self, place: Any, depth: int) -> Any:
        """The value at a place; None for what is too deep, inside of itself or nowhere."""
        if not isinstance(place, int) or not 0 <= place < len(self.flat) or not depth:
            return None
        if place not in self.known:
            self.known[place] = None
            self.known[place] = self._made(self.flat[place], depth - 1)
        return self.known[place]

    def _made(self, flat: Any, depth: int) -> Any:
        if is_list(flat):
            found = [self.value(each, depth) for each in items_of(flat)]
            return next(iter(found), None) if flat and isinstance(flat[0], str) else found
        if isinstance(flat, dict):
            return {name: self.value(each, depth) for name, each in node(flat).items()}
        return flat
