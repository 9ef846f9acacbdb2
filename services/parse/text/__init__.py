"""Pages as plain text: every character accounted for, the article's fields with evidence."""

from services.parse.text.reader import read_text

__all__ = ["read_text"]
