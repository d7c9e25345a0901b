"""Full-text search over the released layer. Nothing protected ever comes here; what comes is kept as word keys only."""

from archive.search.engine import Answer, Hit, IndexState, Page, SearchEngine
from archive.search.passages import Passage, passages
from archive.search.ports import RandomAccess, SealedFiles
from archive.search.whoosh_engine import WhooshEngine

__all__ = [
    "Answer",
    "Hit",
    "IndexState",
    "Page",
    "Passage",
    "RandomAccess",
    "SealedFiles",
    "SearchEngine",
    "WhooshEngine",
    "passages",
]
