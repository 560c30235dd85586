"""Conditions of published controls that are no rules of the pack: evaluated for the report alone, and never blocking.

The rules require less, or something else; policies/accepted.yaml has the reasons.
"""

from policies.conditions import buckets, functions, others, permissions
from toolkit.policy.rule import Rule

CONDITIONS: tuple[Rule, ...] = (*buckets.CONDITIONS, *functions.CONDITIONS, *permissions.CONDITIONS, *others.CONDITIONS)
