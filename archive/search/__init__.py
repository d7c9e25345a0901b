"""Full-text search over the released layer. Nothing protected ever comes here; what comes is kept as word keys only."""

from archive.search.engine import Answer, Hit, IndexState, Order, Page, SearchEngine, Suggestion, Tally
from archive.search.grammar import filters_alone, parse
from archive.search.passages import Passage, passages
from archive.search.ports import RandomAccess, SealedFiles
from archive.search.query import YEARS, Field, Filter, Query, Reading, Repair, Sense
from archive.search.texts import Text, Texts, packed
from archive.search.whoosh_engine import WhooshEngine

__all__ = [
    "YEARS",
    "Answer",
    "Field",
    "Filter",
    "Hit",
    "IndexState",
    "Order",
    "Page",
    "Passage",
    "Query",
    "RandomAccess",
    "Reading",
    "Repair",
    "SealedFiles",
    "SearchEngine",
    "Sense",
    "Suggestion",
    "Tally",
    "Text",
    "Texts",
    "WhooshEngine",
    "filters_alone",
    "packed",
    "parse",
    "passages",
]
