"""The version of everything that is kept: by the embedded run, in volumes, in NATS and in OpenSearch."""

from typing import Final

DATA_VERSION: Final = 1
"""Grows when an older version of this code could no longer read, or would undo, what a newer one keeps."""


def newer(found: str) -> str | None:
    """Why a mark that was found is not for this code, in words; None when it is."""
    if found.isascii() and found.isdecimal() and int(found[:9]) <= DATA_VERSION:
        return None
    return f"written by a newer Newswire (data version {found[:9]}; this one knows {DATA_VERSION})"
