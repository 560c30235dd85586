"""Rules on what bounds the cost of a month."""

from policies.bounds import bounds_of
from toolkit.policy.rule import Level, Levels, Severity, StackCheck, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import DASHBOARD, METRIC_ALARM
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.secretsmanager import SECRET
from toolkit.resource_types.wafv2 import WEB_ACL
from toolkit.stacks.facts import Broken, Facts, GraphFacts, UnknownPropertyError
from toolkit.stacks.references import account_of


def _has_a_budget(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    """Return whether one budget counts everything that the account pays in a month."""
    budgets = graph.of(BUDGET)
    try:
        if any(map(_counts_all, budgets)):
            return True
    except UnknownPropertyError:
        return True  # an update evaluates it
    return Broken(budgets) if budgets else False


def _counts_all(budget: Facts) -> bool:
    """Return whether the budget is of money and a month, of this account, and leaves out none of its costs."""
    account = account_of(budget)
    own = account is None or budget.text("accountId", account) == account
    monthly = budget.text("budgetType") == "COST" and budget.text("timeUnit", "MONTHLY") == "MONTHLY"
    filters = budget.parts("costFilters")
    return monthly and own and not budget.has("filterExpression") and all(_is_own(one, account) for one in filters)


def _is_own(cost_filter: Facts, account: str | None) -> bool:
    return cost_filter.text("name") == "LinkedAccount" and cost_filter.texts("values") == (account,)


@for_each(STAGE)
def _stages_end(stage: Facts, _graph: GraphFacts, _stack: Stack) -> bool:
    """A limit of 0 admits no request, so it bounds the stage; apigw-throttles-admit requires more than 0."""
    return stage.number("defaultRouteSettings.throttlingRateLimit", -1) >= 0


@for_each(TABLE)
def _tables_end(table: Facts, _graph: GraphFacts, _stack: Stack) -> bool:
    provisioned = table.text("billingMode", "PROVISIONED") == "PROVISIONED"
    limits = ("onDemandThroughput.maxReadRequestUnits", "onDemandThroughput.maxWriteRequestUnits")
    return provisioned or all(table.number(limit, -1) > 0 for limit in limits)


def _at_most(count: str, *types: str) -> StackCheck:
    """Return whether the stack has no more of these than its environment allows; the last ones are too many."""

    def check(graph: GraphFacts, stack: Stack) -> bool | Broken:
        return Broken(graph.of(*types)[getattr(bounds_of(stack), count) :]) or True

    return check


budget_exists = StackRule(
    name="budget-exists",
    description="The stack has a monthly cost budget for the account",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "the stack has no budget of type COST and unit MONTHLY that counts the whole account; add one, without "
        "costFilters, filterExpression and a foreign accountId": _has_a_budget
    },
)

worst_case_bounded = StackRule(
    name="worst-case-bounded",
    description="Concurrency, throttling limits and table throughput have a maximum",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "reservedConcurrentExecutions is not set, so the whole account's concurrency may be billed; set it": (
            for_each(FUNCTION)(lambda function, *_: function.number("reservedConcurrentExecutions", -1) >= 0)
        ),
        "throttlingRateLimit is not set, so requests up to the account's limit may be billed; set it": _stages_end,
        "onDemandThroughput has no maximum, so any number of units may be billed; set both": _tables_end,
    },
)

single_trail = StackRule(
    name="single-trail",
    description="The stack has at most one CloudTrail trail",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    checks={
        "more than one trail, each further one $2 for 100,000 events; keep one": lambda graph, _: (
            Broken(graph.of(TRAIL)[1:]) or True
        )
    },
)

alarm_count = StackRule(
    name="alarm-count",
    description="The number of alarms is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    checks={
        "more than {bounds.alarms} alarms, each further one $0.10 a month; combine some": _at_most(
            "alarms", METRIC_ALARM
        )
    },
)

dashboard_count = StackRule(
    name="dashboard-count",
    description="The number of dashboards is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    checks={
        "more than {bounds.dashboards} dashboards, each further one $3 a month; combine some": _at_most(
            "dashboards", DASHBOARD
        )
    },
)

key_count = StackRule(
    name="key-count",
    description="The number of KMS keys is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    checks={
        "more than {bounds.keys} keys, each $1 a month; share one where the same principals use it": _at_most(
            "keys", KEY
        )
    },
)

secret_count = StackRule(
    name="secret-count",
    description="The number of secrets is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    checks={
        "more than {bounds.secrets} secrets, each $0.40 a month; combine those that are read together": _at_most(
            "secrets", SECRET
        )
    },
)

waf_prod_only = StackRule(
    name="waf-prod-only",
    description="The number of web ACLs is within the limit of the environment",
    severity=Severity.LOW,
    levels=Levels(Level.MANDATORY, Level.ADVISORY),
    checks={
        "more than {bounds.firewalls} web ACLs, each $10 a month or more; leave edge out of the stack's settings, "
        "or share one": _at_most("firewalls", WEB_ACL)
    },
)
