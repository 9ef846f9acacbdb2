"""PolitiFact: politifact.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="PolitiFact",
    hosts=frozenset({"politifact.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2019, 1, 1),
            headline="h1.article__title",
            body=".article__text",
        ),
        Layout(
            since=date(2020, 1, 1),
            headline=".t-row .m-statement__quote",
            body=".m-textblock",
            authors=".m-author__content a",
            published=".m-author__date",
        ),
    ),
)
