"""What the pack said in one run of the engine, from the engine's own event log or its JSON."""

import json

from tests.engine.engine import Outcome
from toolkit.policy.levels import REPORTING_POLICIES

Finding = tuple[str, str, str, str]
"""Rule, URN, level and message."""


def findings(outcome: Outcome) -> set[Finding]:
    """What rules said of resources, or of the stack where the URN is empty."""
    events = outcome.events or [json.loads(line) for line in outcome.output.splitlines() if line.startswith("{")]
    reported = [event["policyEvent"] for event in events if "policyEvent" in event]
    return {
        (one["policyName"], _urn(one.get("resourceUrn", "")), one["enforcementLevel"], one["message"].splitlines()[1])
        for one in reported
        if one["policyName"] not in REPORTING_POLICIES
    }


def reported_on_rules(outcome: Outcome) -> list[str]:
    """What the pack said of its own rules."""
    reported = [event["policyEvent"] for event in outcome.events if "policyEvent" in event]
    return [one["message"].partition("\n")[2].rstrip() for one in reported if one["policyName"] in REPORTING_POLICIES]


def remediated(outcome: Outcome) -> set[tuple[str, str]]:
    """Which rules wrote into which resources."""
    reported = [event["policyRemediationEvent"] for event in outcome.events if "policyRemediationEvent" in event]
    return {(one["policyName"], one["resourceUrn"]) for one in reported}


def _urn(urn: str) -> str:
    """The engine says the stack's URN where a rule names no resource."""
    return "" if "::pulumi:pulumi:Stack::" in urn else urn
