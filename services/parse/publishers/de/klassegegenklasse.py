"""Klasse Gegen Klasse: klassegegenklasse.org."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Klasse Gegen Klasse",
    hosts=frozenset({"klassegegenklasse.org"}),
    country="DE",
    zone="Europe/Berlin",
    order="DMY",
    language="de-DE",
    layouts=(
        Layout(
            since=date(2025, 1, 1),
            headline="h1.singleHeadline",
            authors=".metaInfoAuthorList a",
            published=".metaInfoDateTime span",
        ),
    ),
)
