"""ScienceDaily: sciencedaily.com.

Signed by the institution that sent the release.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="ScienceDaily",
    hosts=frozenset({"sciencedaily.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2014, 1, 1),
            headline="h1#headline",
            summary="dd#abstract",
            authors="dd#source",
            published="dd#date_posted",
        ),
    ),
)
