"""HTML pages: the body by a small model and trafilatura, all else by our cascade of what pages declare and print."""

from services.parse.html.reader import read_html

__all__ = ["read_html"]
