"""The headers of every answer: what a browser may do with our pages, and that it must not keep them."""

from __future__ import annotations

from flask import Response, request

from archive.web.gate import visitor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
_PUBLIC_ROOMS = frozenset({"public"})


def add(response: Response) -> Response:
    """Our headers on the response. Only public pages for strangers may be kept, and must be asked about each time."""
    response.headers.update(ALWAYS)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "no-cache"
        return response
    public = request.blueprint in _PUBLIC_ROOMS and response.status_code in {200, 206, 304} and visitor() is None
    response.headers["Cache-Control"] = "no-cache" if public else "no-store"
    response.vary.update(("Cookie", "Accept-Language"))
    if not public:
        response.headers["X-Robots-Tag"] = "noindex"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
