"""Anime News Network: animenewsnetwork.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Anime News Network",
    hosts=frozenset({"animenewsnetwork.com"}),
    country="CA",
    zone="America/New_York",
    order="MDY",
    language="en",
    layouts=(
        Layout(
            since=date(2015, 1, 1),
            headline='(//h1[@id="page_header"]/text()[normalize-space()])',
            body=".KonaBody .meat",
            authors='(//*[@id="page-title"]/text()[contains(., "by ")])',
            published="#page-title time",
        ),
    ),
)
