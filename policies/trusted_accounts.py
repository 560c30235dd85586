"""The accounts besides a stack's own that its policies may name."""

from collections.abc import Mapping

TRUSTED_ACCOUNTS: Mapping[str, str] = {}
"""Accounts of this organization by their number, each with the reason why a policy may name it."""
