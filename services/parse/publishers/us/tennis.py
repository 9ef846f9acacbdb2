"""Tennis.com: tennis.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Tennis.com",
    hosts=frozenset({"tennis.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2021, 1, 1),
            headline="h1.oc-c-article__title",
            body=".oc-c-article__summary, .oc-c-markdown-stories",
            authors=".oc-c-article__author a",
            published=".oc-c-article__date",
        ),
    ),
)
