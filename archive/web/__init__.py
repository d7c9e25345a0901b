"""The pages, and the only importer of Flask: one blueprint per room, which asks ``archive.acts`` and nothing below it.

``make_app`` puts the rooms together, ``serve`` runs them on gunicorn.
"""

from archive.web.app import make_app
from archive.web.server import serve

__all__ = ["make_app", "serve"]
