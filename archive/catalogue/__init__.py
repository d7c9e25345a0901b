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
    Factors,
    Failures,
    InvitationRow,
    Job,
    JobState,
    Kind,
    Paper,
    PaperKind,
    Passkey,
    ReceiptRow,
    SavedPassage,
    SavedSearch,
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
    "Factors",
    "Failures",
    "InvitationRow",
    "Job",
    "JobState",
    "Kind",
    "Ledger",
    "Paper",
    "PaperKind",
    "Passkey",
    "Place",
    "ReceiptRow",
    "RowKey",
    "RowSealer",
    "SavedPassage",
    "SavedSearch",
    "SessionRow",
    "Visit",
]
