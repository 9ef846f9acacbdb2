"""Egotastic: egotastic.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Egotastic",
    hosts=frozenset({"egotastic.com"}),
    country="US",
    zone="America/Los_Angeles",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2019, 1, 1),
            headline=".e-headline",
            authors=".e-box-date .e-date a",
        ),
    ),
)
