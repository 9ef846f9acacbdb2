"""WIRED: wired.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="WIRED",
    hosts=frozenset({"wired.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2018, 1, 1),
            body=".article__chunks .article__body",
        ),
        Layout(
            since=date(2021, 1, 1),
            headline='[data-testid="ContentHeaderHed"]',
            authors='(//*[@data-testid="BylinesWrapper"])[1]//*[@data-testid="BylineName"]',
            published='[data-testid="ContentHeaderPublishDate"]',
        ),
    ),
)
