"""SB Nation: sbnation.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="SB Nation",
    hosts=frozenset({"sbnation.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2018, 1, 1),
            headline="h1.c-page-title",
            authors=".c-byline__author-name",
        ),
    ),
)
