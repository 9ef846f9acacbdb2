"""The one error of the embedded run."""


class LocalError(Exception):
    """What a person is told when the embedded run cannot go on: what is wrong, where, what to do next."""
