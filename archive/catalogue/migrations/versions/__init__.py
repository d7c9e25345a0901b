"""Alembic reads the files beside this one."""
