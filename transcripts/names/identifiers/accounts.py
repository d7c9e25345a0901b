"""IBANs and wallets: letters and digits with a shape of their own. Cards and accounts in digits are in runs.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.names.identifiers import checks
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.mention import Label

_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d\d(?:[ -]?[a-z0-9]){11,30}(?!\w)")
# Bitcoin (BIP 173 and base 58), Ethereum, Tron, Monero, Litecoin.
_WALLET = re.compile(
    r"(?<!\w)(?:(?:bc1|ltc1)[a-z0-9]{25,71}|0x[0-9a-fA-F]{40}|[13T][1-9A-HJ-NP-Za-km-z]{25,34}"
    r"|[48][1-9A-HJ-NP-Za-km-z]{94})(?!\w)"
)


def accounts(speech: Speech) -> Iterator[Find]:
    """IBANs by their check digits, wallets by their length and alphabet."""
    for match in speech.search(_IBAN, speech.lower, "number", (8, 60)):
        if (length := _iban_length(match.group())) > 0:
            yield Find(match.start(), match.start() + length, Label.ACCOUNT)
    for match in speech.search(_WALLET, speech.text, "number", (96, 96)):
        if any(map(str.isdigit, match.group())) and any(map(str.isalpha, match.group())):
            yield Find(*match.span(), Label.ACCOUNT)


def _iban_length(text: str) -> int:
    """Code points of the longest beginning that is an IBAN: words may follow it; 0 if there is none."""
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and checks.iban(re.sub("[ -]", "", text[:end])):
            return end
    return 0
