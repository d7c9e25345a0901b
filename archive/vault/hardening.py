"""What the operating system is told about a process that will hold keys, and what it tells about the swap."""

from __future__ import annotations

import ctypes
import resource
import sys
from pathlib import Path

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """No core file, and on Linux no debugger of another process of the same user: both would show the keys."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def swaps_in_clear(swaps: Path = Path("/proc/swaps"), blocks: Path = Path("/sys/class/block")) -> int:
    """How many swap areas would keep pages of memory, keys among them, unencrypted on a disk.

    Compressed memory (zram) is no disk, and a dm-crypt device is encrypted; whatever else it is counts as in clear.
    """
    try:
        lines = swaps.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:  # a system without it
        return 0
    return sum(not _is_safe(Path(line.split()[0]).resolve().name, blocks) for line in lines)


def _is_safe(device: str, blocks: Path) -> bool:
    if device.startswith("zram"):
        return True
    try:
        return (blocks / device / "dm" / "uuid").read_text(encoding="utf-8").startswith("CRYPT-")
    except OSError:  # a file, a partition, another mapping
        return False
