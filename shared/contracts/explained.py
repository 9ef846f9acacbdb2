"""An article beside the text of its page: what `newswire parse --explain` shows. Never published."""

from shared.contracts.article import Block, ParsedArticle
from shared.contracts.base import Contract


class Explained(Contract):
    """`page`: the text of the page, all that a reader sees. `blocks`: what became of each of its characters."""

    article: ParsedArticle
    page: str
    blocks: tuple[Block, ...]
