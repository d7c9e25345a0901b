"""Passkeys (WebAuthn Level 3): what a browser is asked for, and whether its answer is good. Keeps nothing.

A passkey must verify its owner (a finger, a face, a PIN) and be able to name the account by itself, so that it signs in
without a name and a password.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from archive.errors import ArchiveError


class NoPasskey(ArchiveError):
    """An answer that is not what was asked for, or not by that key."""

    code = "no-passkey"
    says = "This passkey could not be used. Try again, or take another way in."


@dataclass(frozen=True, slots=True)
class Site:
    """For whom a passkey is good: the archive's address as the browser has it (``https://archive.example``)."""

    origin: str
    name: str

    @property
    def host(self) -> str:
        """What the passkey is bound to."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class Verified:
    """A good answer. ``id`` and ``public_key`` in base64url; ``count`` of uses, which many devices leave at 0."""

    id: str
    public_key: str
    count: int


def new_challenge() -> bytes:
    """To be answered once, and soon."""
    return os.urandom(32)


def to_register(site: Site, account: UUID, name: str, challenge: bytes, known: Iterable[str] = ()) -> str:
    """What ``navigator.credentials.create`` is to be called with, as JSON; ``known`` keys are not made again."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=account.bytes,
            user_name=name,
            challenge=challenge,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(id)) for id in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )


def registered(site: Site, answer: str, challenge: bytes) -> Verified:
    """The new key. Raises NoPasskey."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
        raise NoPasskey from cause
    key = bytes_to_base64url(found.credential_public_key)
    return Verified(bytes_to_base64url(found.credential_id), key, found.sign_count)


def to_sign_in(site: Site, challenge: bytes) -> str:
    """What ``navigator.credentials.get`` is to be called with, as JSON: any passkey for this site will do."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def owner(answer: str) -> tuple[UUID, str]:
    """Whose key it says that it is (account, key id); not verified yet. Raises NoPasskey."""
    try:
        found = webauthn.helpers.parse_authentication_credential_json(answer)
        return UUID(bytes=found.response.user_handle or b""), found.id
    except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
        raise NoPasskey from cause


def signed(site: Site, answer: str, challenge: bytes, key: Verified) -> int:
    """The new count of uses, if ``key`` answered. Raises NoPasskey: also for a count that runs backwards (a copy)."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as cause:
        raise NoPasskey from cause
    return found.new_sign_count
