"""Makes vault.json from archive/vault/FORMAT.md alone: ``python tests/vectors/make.py``.

It shares no line with the vault and is written plainly instead of fast, so that the two check each other. Nothing is
random: salts and keys come from a counter, which a writer of real files must never do.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

HERE = Path(__file__).parent
INTERVIEW = UUID("a0000000-0000-4000-8000-000000000001")
OTHER = UUID("a0000000-0000-4000-8000-000000000002")
BLOB = UUID("b0000000-0000-4000-8000-000000000001")
ROW = UUID("c0000000-0000-4000-8000-000000000001")


def stream(name: str, length: int) -> bytes:
    """Bytes that look random and are the same each time."""
    blocks = (hashlib.sha256(f"{name}/{number}".encode()).digest() for number in range(length // 32 + 1))
    return b"".join(blocks)[:length]


def expand(key: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA512(), length, info).derive(key)


def cobblestone(key: bytes, context: bytes, plaintext: bytes, salt: bytes) -> bytes:
    made = expand(key, b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context, 76)
    out = salt + made[44:]
    for number in range(len(plaintext) // 16384 + 1):
        nonce = bytes(a ^ b for a, b in zip(made[32:44], number.to_bytes(12, "big"), strict=True))
        out += AESGCM(made[:32]).encrypt(nonce, plaintext[number * 16384 : (number + 1) * 16384], None)
    return out


def header(tier: int, id: UUID, magic: bytes = b"GOLOSA01") -> bytes:
    return magic + bytes([1, tier, 0, 0]) + (1).to_bytes(4, "big") + id.bytes


def padme(length: int) -> int:
    """By the paper's words: round up to a multiple of two to the power of E - S."""
    if length < 2:
        return length
    exponent = len(f"{length:b}") - 1
    unit = 2 ** (exponent - len(f"{exponent:b}"))
    return -(-length // unit) * unit


def blob(length: int, tier: int = 0) -> dict[str, Any]:
    name = f"blob of {length}, tier {tier}"
    key, content, head = stream(f"key of {name}", 32), stream(name, length), header(tier, BLOB)
    context = b"golosa/blob/v1\0" + head + INTERVIEW.bytes
    padded = content + bytes(padme(length) - length)
    file = head + cobblestone(key, context, padded, stream(f"salt of {name}", 24))
    facts = {"interview": str(INTERVIEW), "blob": str(BLOB), "tier": tier, "length": length}
    return {"name": name, "key": key.hex(), **facts, "sha256": hashlib.sha256(content).hexdigest(), "file": file.hex()}


CHUNK = 16384 + 16
FIRST = 32 + 56
DEFECTS: list[tuple[str, int, list[Any]]] = [
    # name, length of the blob it starts from, edits: ["xor", at, value], ["cut", length], ["append", hex],
    # ["swap", at, at, size]
    ("another magic", 100, [["xor", 0, 1]]),
    ("a wrapped key's magic", 100, [["xor", 6, ord("0") ^ ord("K")]]),
    ("suite 0, no encryption", 100, [["xor", 8, 1]]),
    ("suite 2, unknown", 100, [["xor", 8, 3]]),
    ("tier released instead of protected", 100, [["xor", 9, 1]]),
    ("tier unknown", 100, [["xor", 9, 7]]),
    ("reserved byte 10", 100, [["xor", 10, 1]]),
    ("reserved byte 11", 100, [["xor", 11, 128]]),
    ("generation 0", 100, [["xor", 15, 1]]),
    ("generation large", 100, [["xor", 12, 255]]),
    ("another blob's id", 100, [["xor", 31, 1]]),
    ("salt, first bit", 100, [["xor", 32, 128]]),
    ("salt, last bit", 100, [["xor", 55, 1]]),
    ("commitment, first bit", 100, [["xor", 56, 128]]),
    ("commitment, last bit", 100, [["xor", 87, 1]]),
    ("ciphertext, first bit", 100, [["xor", FIRST, 128]]),
    ("ciphertext, last bit", 100, [["xor", FIRST + 103, 1]]),
    ("tag, first bit", 100, [["xor", FIRST + 104, 128]]),
    ("tag, last bit", 100, [["xor", FIRST + 119, 1]]),
    ("empty file", 100, [["cut", 0]]),
    ("one byte", 100, [["cut", 1]]),
    ("half a header", 100, [["cut", 16]]),
    ("header only", 100, [["cut", 32]]),
    ("cut in the salt", 100, [["cut", 40]]),
    ("cut in the commitment", 100, [["cut", 80]]),
    ("no chunk", 100, [["cut", FIRST]]),
    ("less than a tag", 100, [["cut", FIRST + 15]]),
    ("a tag and nothing it belongs to", 100, [["cut", FIRST + 16]]),
    ("last byte missing", 100, [["cut", FIRST + 119]]),
    ("one byte more", 100, [["append", "00"]]),
    ("a tag's length more", 100, [["append", "00" * 16]]),
    ("the tag again", 100, [["append", "ff" * 32]]),
    ("empty blob with a byte", 0, [["append", "00"]]),
    ("empty blob, tag changed", 0, [["xor", FIRST + 15, 1]]),
    ("first chunk, first bit", 40000, [["xor", FIRST, 128]]),
    ("first chunk, its tag", 40000, [["xor", FIRST + CHUNK - 1, 1]]),
    ("second chunk, first bit", 40000, [["xor", FIRST + CHUNK, 1]]),
    ("last chunk, first bit", 40000, [["xor", FIRST + 2 * CHUNK, 1]]),
    ("chunks 0 and 1 exchanged", 40000, [["swap", FIRST, FIRST + CHUNK, CHUNK]]),
    ("salts of the halves exchanged", 40000, [["swap", 32, 44, 12]]),
    ("cut after chunk 0", 40000, [["cut", FIRST + CHUNK]]),
    ("cut after chunk 1", 40000, [["cut", FIRST + 2 * CHUNK]]),
    ("cut in chunk 1", 40000, [["cut", FIRST + CHUNK + 500]]),
    ("cut in the last chunk", 40000, [["cut", FIRST + 2 * CHUNK + 500]]),
    ("a chunk of zeros more", 40000, [["append", "00" * 20]]),
    ("the empty last chunk missing", 16384, [["cut", FIRST + CHUNK]]),
    ("the empty last chunk's tag", 16384, [["xor", FIRST + CHUNK + 3, 4]]),
]
WRONG_QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("another key", {"key": "11" * 32}),
    ("another interview", {"interview": str(OTHER)}),
    ("another blob", {"blob": str(OTHER)}),
    ("another tier", {"tier": 1}),
    ("the index's tier", {"tier": 4}),
    ("a shorter length", {"length": 90}),
    ("a longer length", {"length": 200}),
    ("no length", {"length": 0}),
]


def row(scope: int, table: str, version: int, value: dict[str, Any]) -> dict[str, Any]:
    key = stream(f"key of {table}", 32)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    padded = text + b" " * (-len(text) % 512)
    context = b"golosa/row/v1\0" + bytes([scope]) + table.encode() + b"\0" + ROW.bytes + version.to_bytes(8, "big")
    sealed = cobblestone(key, context, padded, stream(f"salt of {table}", 24))
    facts = {"scope": scope, "table": table, "row": str(ROW), "version": version, "value": value}
    return {"key": key.hex(), **facts, "sealed": sealed.hex()}


def index_file(name: str, length: int) -> dict[str, Any]:
    key, head, content = stream("index key", 32), header(4, BLOB), stream(name, length)
    file = head + cobblestone(key, b"golosa/index/v1\0" + head + name.encode(), content, stream(f"salt of {name}", 24))
    return {"key": key.hex(), "name": name, "content": content.hex(), "file": file.hex()}


def wrap(tier: int) -> dict[str, Any]:
    kek, key, head = stream("kek", 32), stream(f"key {tier}", 32), header(tier, INTERVIEW, b"GOLOSAK1")
    file = head + cobblestone(kek, b"golosa/key/v1\0" + head, key, stream(f"salt of wrap {tier}", 24))
    return {"kek": kek.hex(), "tier": tier, "interview": str(INTERVIEW), "key": key.hex(), "file": file.hex()}


def slots() -> dict[str, Any]:
    # Typed with a combining breve, as some keyboards do; NFC makes one character of it.
    typed, root, salt = "голосии\u0306 шесть слов", stream("root", 32), stream("slot salt", 16)
    costs = {"iterations": 1, "lanes": 1, "memory_kib": 64}
    kdf = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64)
    key = kdf.derive("голосий шесть слов".encode())
    slot = {
        "id": stream("slot", 16).hex(),
        "kind": "passphrase",
        "kdf": {"name": "argon2id", **costs, "salt": salt.hex()},
    }
    context = b"golosa/slot/v1\0" + json.dumps(slot, sort_keys=True, separators=(",", ":")).encode()
    sealed = cobblestone(key, context, root, stream("salt of slot", 24))
    labels = ["rows", "index", "handle", "audit", "sessions", "kek-work", "kek-released"]
    return {
        "passphrase": typed,
        "root": root.hex(),
        "file": {"format": "golosa/slots/v1", "slots": [{**slot, "sealed": sealed.hex()}]},
        "derived": {label: expand(root, b"golosa/root/v1\0" + label.encode(), 32).hex() for label in labels},
    }


def vectors() -> dict[str, Any]:
    """All of them, as they stand in vault.json."""
    lengths = [0, 1, 2, 100, 16383, 16384, 16385, 40000]
    return {
        "blobs": [blob(length) for length in lengths] + [blob(101, tier) for tier in (1, 2)],
        "defects": [{"name": name, "of": length, "edits": edits} for name, length, edits in DEFECTS],
        "wrong_questions": [{"name": name, "of": 100, "asked": asked} for name, asked in WRONG_QUESTIONS],
        "rows": [
            row(0, "papers", 1, {"text": "речь", "n": 1}),
            row(1, "interviews", 7, {"title": "x" * 600}),
            row(2, "blobs", 1, {}),
            row(255, "accounts", 2**40, {"name": "имя"}),
        ],
        "index_files": [index_file("MAIN_1.seg", 20000), index_file("_MAIN_1.toc", 0)],
        "wraps": [wrap(0), wrap(1)],
        "slots": slots(),
        "padme": {str(length): padme(length) for length in [0, 1, 2, 3, 7, 8, 9, 17, 100, 1000, 4097, 10**6, 10**9]},
    }


def main() -> None:
    """Writes the file; a change in it is a change of the format and needs a new version byte."""
    text = json.dumps(vectors(), ensure_ascii=False, indent=1)
    (HERE / "vault.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
