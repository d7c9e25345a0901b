"""The vault: all that is sealed, its keys, and the only importer of ``cryptography``. FORMAT.md says what lies on disk.

Passwords of accounts are in ``archive.vault.passwords``.
"""

from __future__ import annotations

from archive.vault.ballast import Ballast
from archive.vault.index import SealedFolder
from archive.vault.keeper import Keeper, KeysInProcess
from archive.vault.keys import KdfCost
from archive.vault.sealed import SealedReader, SealedWriter, Tier
from archive.vault.spool import Spool
from archive.vault.store import BlobStore, FolderStore, MemoryStore
from archive.vault.uploads import HeldUpload, Upload
from archive.vault.vault import BlobFacts, BlobWriter, Vault

__all__ = [
    "Ballast",
    "BlobFacts",
    "BlobStore",
    "BlobWriter",
    "FolderStore",
    "HeldUpload",
    "KdfCost",
    "Keeper",
    "KeysInProcess",
    "MemoryStore",
    "SealedFolder",
    "SealedReader",
    "SealedWriter",
    "Spool",
    "Tier",
    "Upload",
    "Vault",
]
