"""Conditions of published controls that are no rules of the pack: evaluated for the report alone, and never blocking.

The pack asks for less, or for something else, and policies/accepted.yaml says why.
"""

from policies.conditions import buckets, functions, others, permissions
from toolkit.policy.rule import Rule

CONDITIONS: tuple[Rule, ...] = (*buckets.CONDITIONS, *functions.CONDITIONS, *permissions.CONDITIONS, *others.CONDITIONS)
