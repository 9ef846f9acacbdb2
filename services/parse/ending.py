"""What the end of an article's text says of the rest. Pure."""

from typing import Final

from services.parse.findings import Draft
from shared.contracts import EvidenceSource
from shared.cut import CutMark, cut_mark

FEW: Final = 150
"""Words below which an ellipsis at the end of a page, or that it is not for free, means a teaser."""


def put_cut(draft: Draft, source: EvidenceSource, *, believe_all: bool) -> None:
    """Put that a body is cut, where its end says so.

    `believe_all`: by a bare ellipsis or "read more", too, which may mean something else.
    """
    mark = cut_mark(str(draft.fields.get("body", "")))
    if mark and (mark.sure or believe_all):
        put_mark(draft, source, mark)


def put_mark(draft: Draft, source: EvidenceSource, mark: CutMark) -> None:
    """Put what a mark at the end of the body says."""
    rule = "ends as a cut text does" if mark.sure else "ends as a cut text may"
    draft.put("completeness", "partial", source, rule, 0.9 if mark.sure else 0.7, mark.raw)
