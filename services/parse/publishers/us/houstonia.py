"""Houstonia: houstoniamag.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Houstonia",
    hosts=frozenset({"houstoniamag.com"}),
    country="US",
    zone="America/Chicago",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2024, 1, 1),
            headline=".v2-headline",
            authors=".story-header .page-header__meta a",
            published=".page-header__meta__date",
        ),
    ),
)
