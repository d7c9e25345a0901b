"""The archive as one value: its parts, put together once at the top and handed to everything that acts.

What a folder holds: ``golosa.toml`` (its settings), ``keys/`` (wraps and passphrase slots), ``catalogue.db``,
``queue.db`` (wake-ups), ``store/`` (sealed files), ``spool/`` (sealed uploads under way), ``index/`` (sealed index),
``ballast`` (room kept for withdrawals on a full disk).
"""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from archive.bell import Bell, HueyBell
from archive.catalogue import Blob, Catalogue
from archive.errors import ArchiveExists, CatalogueGone, NoArchive, OutOfSpace
from archive.policy import Act, Case, Permit, Principal, require
from archive.search import IndexState, SearchEngine, WhooshEngine
from archive.vault import Ballast, FolderStore, KdfCost, Keeper, KeysInProcess, Vault, passwords
from transcripts.shipped import shipped

if TYPE_CHECKING:
    from archive.excerpt import Excerpt
    from archive.interview import Interview
    from archive.settings import Settings
    from transcripts.names import Detector
    from transcripts.speech import Recognizer

_INDEX = "index"
_MOST_LINES = 2_000_000  # about 40 bytes each


class Memory:
    """What was worked out and holds as long as its key does: in this process alone; the longest unasked goes first.

    Safe to share between threads.
    """

    def __init__(self, most: int) -> None:
        """``most`` is what the weights of all values may come to."""
        self._most, self._weight, self._lock = most, 0, threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """The value; None if there is none."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: Any, weight: int) -> None:
        """In place of what was there."""
        with self._lock:
            self._weight += weight - self._values.pop(key, (None, 0))[1]
            self._values[key] = value, weight
            while self._weight > self._most:
                _, (_, gone) = self._values.popitem(last=False)
                self._weight -= gone


@dataclass
class Archive:
    """The parts, and the few questions that need several of them. One per process."""

    settings: Settings
    catalogue: Catalogue
    vault: Vault
    engine: SearchEngine
    bell: Bell
    ballast: Ballast
    load_recognizer: Callable[[], Recognizer]
    load_detector: Callable[[], Detector]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    password_cost: KdfCost = passwords.COST
    lines: Memory = field(default_factory=lambda: Memory(_MOST_LINES))

    @cached_property
    def recognizer(self) -> Recognizer:
        """The speech model, loaded at first use (a second or more, hundreds of MB). Raises ModelMissing."""
        return self.load_recognizer()

    @cached_property
    def detector(self) -> Detector:
        """The finders of names, loaded at first use (seconds, about 200 MB)."""
        found = self.load_detector()
        gc.freeze()  # dictionaries that stay: not to be looked through for garbage, see web/server.py
        return found

    def today(self) -> date:
        """The day policy is asked on."""
        return self.now().date()

    def require(
        self, act: Act, who: Principal, interview: Interview | None = None, excerpt: Excerpt | None = None
    ) -> Permit:
        """A permit as of today, or Refused."""
        return require(act, self.case(who, interview, excerpt))

    def case(self, who: Principal, interview: Interview | None = None, excerpt: Excerpt | None = None) -> Case:
        """What policy is asked about, as of today. Who signed it already is for whoever approves to add."""
        return Case(who, self.today(), interview, excerpt, self.settings.review.signatures)

    @contextmanager
    def half_made(self, blobs: Collection[Blob]) -> Iterator[None]:
        """Within it files are made that have no rows yet; whatever stops it, a signal included, they are removed.

        A signal can also come right after the commit; what has its row by then stays.
        """
        try:
            yield
        except BaseException:
            with self.catalogue.reading() as ledger:
                kept = ledger.blobs.ids()
            for blob in blobs:
                if blob.id not in kept:
                    self.vault.remove(blob)
            raise

    def index_state(self) -> IndexState | None:
        """Which index the catalogue knows as the current one."""
        with self.catalogue.reading() as ledger:
            mark = ledger.marks.get(_INDEX)
        return IndexState(**mark) if mark else None

    def keep_index_state(self, state: IndexState) -> None:
        """Notes which index is the current one: an older one that is put back is refused from now on."""
        with self.catalogue.writing() as ledger:
            ledger.marks.put(_INDEX, state.as_json())

    def close(self) -> None:
        """Let go of files and keys."""
        self.engine.close()
        self.catalogue.close()


_P = ParamSpec("_P")
_T = TypeVar("_T")


def even_if_full(act: Callable[Concatenate[Archive, _P], _T]) -> Callable[Concatenate[Archive, _P], _T]:
    """For what closes something: if the disk is full it is tried again in the room that is kept for it.

    The act is one transaction, so that nothing is left of what failed. Raises OutOfSpace when no room is left either.
    """

    @wraps(act)
    def tried(house: Archive, /, *given: _P.args, **named: _P.kwargs) -> _T:
        while True:
            try:
                return act(house, *given, **named)
            except OutOfSpace:
                if not house.ballast.give_up():
                    raise

    return tried


def make(settings: Settings, passphrase: str, cost: KdfCost | None = None) -> None:
    """A new, empty archive in ``settings.home``. Raises ArchiveExists and touches nothing then."""
    home = settings.home
    if (home / "keys").exists() or (home / "catalogue.db").exists():
        raise ArchiveExists
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    KeysInProcess.create(home / "keys", passphrase, cost or KdfCost())


def unlock(settings: Settings, passphrase: str) -> Archive:
    """The archive in ``settings.home``, opened. Raises NoArchive, WrongPassphrase, CatalogueGone."""
    home = settings.home
    if not (home / "keys").is_dir():
        raise NoArchive
    if not (home / "catalogue.db").exists() and any(path.is_dir() for path in (home / "store").glob("*")):
        raise CatalogueGone
    return assemble(settings, KeysInProcess.unlock(home / "keys", passphrase))


def assemble(settings: Settings, keeper: Keeper) -> Archive:
    """The parts over a keeper of the root key."""
    home = settings.home
    vault = Vault(keeper, FolderStore(home / "store"), home / "spool", null_cipher=settings.archive.null_cipher)
    catalogue = Catalogue.open(home / "catalogue.db", vault.rows)
    ballast = Ballast(home / "ballast")
    with suppress(OutOfSpace):  # made as soon as there is room: health tells
        ballast.renew()
    engine = WhooshEngine(vault.index_files(home / "index", settings.search.cache_megabytes << 20))
    return Archive(
        settings=settings,
        catalogue=catalogue,
        vault=vault,
        engine=engine,
        bell=HueyBell(home / "queue.db"),
        ballast=ballast,
        load_recognizer=lambda: _recognizer(settings),
        load_detector=lambda: _detector(settings),
    )


def _recognizer(settings: Settings) -> Recognizer:
    from transcripts.speech import load  # noqa: PLC0415  # the engine takes a second and 150 MB; the web never needs it

    return load(settings.speech.model, threads=settings.speech.threads)


def _detector(settings: Settings) -> Detector:
    from transcripts.names import Detector, PublicFigures, Thresholds  # noqa: PLC0415  # dictionaries: as above

    figures = PublicFigures.load(shipped("public_figures.toml")) if settings.names.public_figures else None
    return Detector(figures, Thresholds(settings.names.conceal_above, settings.names.ask_above))
