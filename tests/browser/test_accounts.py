"""Accounts in Chromium: passkeys with a virtual authenticator, the app's picture, the pages on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from archive.policy import Role
from archive.vault import one_time
from tests.browser.conftest import Visit
from tests.rooms import PASSWORD, Rooms

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Visit]


def at_localhost(made: Visit) -> Visit:
    """The same server under a name that passkeys can be bound to."""
    made.address = made.address.replace("127.0.0.1", "localhost")
    return made


def with_a_security_key(page: Page) -> CDPSession:
    """A device that keeps passkeys and knows its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def sign_in(made: Visit, name: str) -> Page:
    """By name and password."""
    page = made.open("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("form.sheet button.act")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def test_a_passkey_signs_in_without_name_and_password(visit: Open, rooms: Rooms) -> None:
    """Made on the account page, used at the door; recovery codes come with it; without it a password is not enough."""
    made = at_localhost(visit())
    with_a_security_key(made.page)
    sign_in(made, "admin")
    page = made.open("/account")
    page.fill("#passkey_name", "Telefon")
    page.fill("#passkey-password", PASSWORD)
    page.click("text=Make a passkey")
    page.wait_for_selector(".codes")
    assert page.locator(".codes li").count() == 10
    page = made.open("/account")
    assert page.locator("summary", has_text="Telefon").count() == 1
    page.click("form[action='/sign-out'] button")
    page.wait_for_url(lambda url: url.endswith("/"))
    page = made.open("/sign-in")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(lambda url: url.endswith("/admin"))
    with rooms.house.catalogue.reading() as ledger:
        account = ledger.accounts.get(rooms.who[Role.ADMIN].account)  # type: ignore[arg-type]
    assert [key.count for key in account.factors.passkeys] == [2]
    page = made.open("/account")  # the other tests' administrator has none
    page.click("summary:has-text('Telefon')")
    page.fill("[id^=key-]", PASSWORD)
    page.click("text=Remove this passkey")
    page.wait_for_url(re.compile("/account#factors"))
    assert page.locator("summary", has_text="Telefon").count() == 0


def test_passkeys_are_offered_only_where_they_can_be_bound(visit: Open) -> None:
    """At a bare address there is no name to bind one to: the door does not offer it, and the account page says why."""
    made = visit(Role.HISTORIAN)
    assert "passkey.js" not in made.open("/account").content()
    assert "Passkeys need the archive" in made.page.content()


def test_a_cancelled_passkey_says_so(visit: Open) -> None:
    """No key answers: the page says it in a sentence, and other ways stay open."""
    made = at_localhost(visit())
    devtools = made.page.context.new_cdp_session(made.page)
    devtools.send("WebAuthn.enable")
    page = made.open("/sign-in")
    page.evaluate("(() => { navigator.credentials.get = () => Promise.reject(new Error('no')) })()")
    page.click("text=Sign in with a passkey")
    page.wait_for_selector("[data-said]:visible")


def test_an_app_is_set_up_from_the_picture_or_the_key(visit: Open) -> None:
    """The picture is squares of our own page; the key beside it makes the code that is asked for."""
    made = visit(Role.HISTORIAN)
    page = made.open("/account/app")
    assert page.locator("svg.qr path").count() == 1
    assert page.locator("svg.qr").bounding_box()["width"] > 150  # type: ignore[index]
    secret = re.sub(r"\s", "", page.inner_text("code.secret"))
    assert one_time.is_secret(secret)
    page.fill("#code", "000000")
    page.fill("#password", PASSWORD)
    page.click("text=Use this app")
    page.wait_for_selector(".problem")
    assert re.sub(r"\s", "", page.inner_text("code.secret")) == secret  # the app need not read another picture
    made.complaints.clear()  # Chromium notes the 400


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ru"])
def test_the_pages_of_accounts_fit_a_phone(visit: Open, rooms: Rooms, locale: str, scheme: str) -> None:
    """320 px, both languages, light and dark: nothing is wider than the window."""
    from archive.acts import own_account

    for role, paths in (
        (Role.HISTORIAN, ("/account", "/account/app")),
        (Role.ARCHIVIST, ("/access",)),
        (Role.ADMIN, ("/admin", "/admin/log")),
        (None, ("/terms", "/sign-in")),
    ):
        if role:
            own_account.set_language(rooms.house, rooms.who[role], locale)
        made = visit(role, width=320, color_scheme=scheme, locale=locale)
        for path in paths:
            made.open(path)
            assert made.overflow() == 0, path
