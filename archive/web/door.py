"""What is known of whoever stands at the door: the network, the device in two words, the challenge to be answered."""

from __future__ import annotations

import ipaddress
import secrets
import threading
import time
from collections import OrderedDict
from typing import cast
from urllib.parse import urlsplit

from flask import current_app, request

from archive.acts.signing_in import Door
from archive.vault import passkeys
from archive.vault.passkeys import NoPasskey, Site
from archive.web.gate import current_session, house

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def door() -> Door:
    """Where this request comes from, as signing in is to know it."""
    return Door(network(), device(request.user_agent.string))


def network() -> str:
    """The visitor's /24 or /48: whom wrong tries are counted for. Behind our own proxy, what the proxy says.

    "" where that is this very machine (an onion service, a proxy that names nobody) or the settings say that it is
    everybody's: then one person's tries must not lock out all others.
    """
    if house().settings.web.shared_address:
        return ""
    address = request.remote_addr or "0.0.0.0"  # noqa: S104  # a key for counting, nothing is bound to it
    if ipaddress.ip_address(address).is_loopback and request.access_route:
        address = request.access_route[-1]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a proxy that writes something else than an address
        return "unknown"
    if found.is_loopback:
        return ""
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def device(user_agent: str) -> str:
    """Browser and system, without versions: enough to know one’s own devices apart, too little to know anybody by."""
    names = (next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in names if name)


def site() -> Site:
    """For whom a passkey is good: the address in the settings, or this very machine's. Raises NoPasskey: for nobody."""
    settings = house().settings
    origin = settings.web.address.rstrip("/")
    if not origin and urlsplit(request.host_url).hostname == "localhost":
        origin = request.host_url.rstrip("/")
    if not origin:
        raise NoPasskey
    return Site(origin, settings.archive.name)


def takes_passkeys() -> bool:
    """Whether this archive has an address that passkeys can be bound to."""
    try:
        site()
    except NoPasskey:
        return False
    return True


class Challenges:
    """What visitors are to answer next, in this process's memory: one each, once, for five minutes."""

    def __init__(self, most: int = 2_000, seconds: float = 300.0) -> None:
        self._most, self._seconds, self._lock = most, seconds, threading.Lock()
        self._open: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def make(self, visitor: str) -> bytes:
        """A new one, in place of the one before."""
        challenge = passkeys.new_challenge()
        with self._lock:
            self._open.pop(visitor, None)
            self._open[visitor] = time.monotonic() + self._seconds, challenge
            while len(self._open) > self._most:
                self._open.popitem(last=False)
        return challenge

    def take(self, visitor: str) -> bytes:
        """The one that is open; it is closed now. Raises NoPasskey."""
        with self._lock:
            until, challenge = self._open.pop(visitor, (0.0, b""))
        if not challenge or time.monotonic() > until:
            raise NoPasskey
        return challenge


def challenges() -> Challenges:
    """Those of this app."""
    return cast(Challenges, current_app.extensions["golosa-challenges"])


def visitor_key() -> str:
    """Under which this visitor's challenge is kept: the cookie; without one it is nobody's."""
    return current_session().token_given or secrets.token_urlsafe(16)
