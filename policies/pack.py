"""The policy pack: the rules and the team's decisions about them, as one value for the toolkit."""

from pathlib import Path

from policies.bounds import BOUNDS
from policies.rules import CONDITIONS, RESOURCE_RULES, STACK_RULES
from policies.rules.coverage import NAME, coverage_rule, ignored_changes_rule, pricing_rule
from policies.rules.waivers import waiver_rule
from policies.stack_settings import SETTINGS
from policies.trusted_accounts import TRUSTED_ACCOUNTS
from toolkit.policy.pack import Pack, ReviewLimits
from toolkit.policy.rule import Rule

_WAIVABLE: tuple[Rule, ...] = (
    *RESOURCE_RULES,
    *STACK_RULES,
    ignored_changes_rule(RESOURCE_RULES),
    pricing_rule(RESOURCE_RULES),
    coverage_rule(RESOURCE_RULES),
)

PACK = Pack(
    name="items-api",
    folder=Path(__file__).resolve().parent,
    rules=(*_WAIVABLE, waiver_rule(_WAIVABLE)),
    conditions=CONDITIONS,
    coverage_rule=NAME,
    bounds=BOUNDS,
    settings=SETTINGS,
    review_limits={name: ReviewLimits(each.cost_rise, each.budget_share) for name, each in BOUNDS.items()},
    trusted_accounts=TRUSTED_ACCOUNTS,
)
