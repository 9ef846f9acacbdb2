"""The lines that news pages put around their articles, in the languages we have seen."""

from typing import Literal

Label = Literal["related", "hot", "latest", "tags", "advertisement", "read_time", "byline", "share", "copyright"]
