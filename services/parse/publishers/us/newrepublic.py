"""The New Republic: newrepublic.com.

Posts follow each other on one page: the first is the one that was asked for.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="The New Republic",
    hosts=frozenset({"newrepublic.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2021, 1, 1),
            headline='(//h1[@itemprop="headline"])[1]',
            body='(//*[contains(concat(" ",@class," ")," article-body-wrap ")])[1]',
        ),
    ),
)
