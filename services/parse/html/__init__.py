"""HTML pages: the body by trafilatura, everything else by our own cascade of what pages declare and print."""

from services.parse.html.reader import read_html

__all__ = ["read_html"]
