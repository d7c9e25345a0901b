"""What the archive remembers: interviews, papers, jobs, accounts, audit. The only importer of SQLAlchemy.

One SQLite file of sealed rows. Values go in and out frozen; no row, column or connection is seen outside.
"""

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.ledger import Ledger
from archive.catalogue.ports import ROWS, Place, RowKey, RowSealer
from archive.catalogue.values import (
    KIND_LAYER,
    Account,
    AuditEntry,
    Blob,
    Damage,
    Failures,
    Job,
    JobState,
    Kind,
    Paper,
    PaperKind,
    ReceiptRow,
    SessionRow,
    Visit,
)

__all__ = [
    "KIND_LAYER",
    "ROWS",
    "Account",
    "AuditEntry",
    "Blob",
    "Catalogue",
    "Damage",
    "Failures",
    "Job",
    "JobState",
    "Kind",
    "Ledger",
    "Paper",
    "PaperKind",
    "Place",
    "ReceiptRow",
    "RowKey",
    "RowSealer",
    "SessionRow",
    "Visit",
]
