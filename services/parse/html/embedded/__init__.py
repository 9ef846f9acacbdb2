"""What a page carries for its own scripts: the article as data, where the page as shown has little or none of it."""

from services.parse.html.embedded.article import Stored, find_stored

__all__ = ["Stored", "find_stored"]
