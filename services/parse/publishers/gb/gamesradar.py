"""GamesRadar+: gamesradar.com.

Guides are republished: the date that the page prints is that of the present text.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="GamesRadar+",
    hosts=frozenset({"gamesradar.com"}),
    country="GB",
    zone="Europe/London",
    order="DMY",
    language="en-GB",
    layouts=(
        Layout(
            since=date(2022, 1, 1),
            body="#article-body > p, #article-body > h2, #article-body > h3, #article-body > ul",
            authors=".author-byline__authors a",
            published=".author-byline__date time",
        ),
    ),
)
