"""Business Insider Deutschland: businessinsider.de."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Business Insider Deutschland",
    hosts=frozenset({"businessinsider.de"}),
    country="DE",
    zone="Europe/Berlin",
    order="DMY",
    language="de-DE",
    layouts=(
        Layout(
            since=date(2023, 1, 1),
            headline=".entry-title",
            body=".article-body > p, .article-body > h2, .article-body > h3, .article-body > .bi-bulletpoints",
            authors=".list-authors__link",
            published=".post-time time",
        ),
    ),
)
