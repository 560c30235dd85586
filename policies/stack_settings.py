"""By rule, the settings of a stack's file that correct what it finds; messages name them."""

from collections.abc import Mapping

from toolkit.policy.stack import Setting

_CORS = (Setting("api.cors-origins", "a list of https:// addresses"),)
_KEEPS = (Setting("data.deletion-protection", "true"),)
_EDGE = (Setting("edge.requests-per-five-minutes", "a rate limit, which sets up an edge with a web ACL"),)

SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    "alarm-topic-reachable": (Setting("alarms.email", "the address of who is on call"),),
    "apigw-cors-bounded": _CORS,
    "apigw-cors-credentials": _CORS,
    "apigw-cors-https": _CORS,
    "apigw-route-throttling": (
        Setting("api.public-requests-per-second", "1 to {bounds.requests_per_second}"),
        Setting("api.public-burst-requests", "1 to {bounds.burst_requests}"),
    ),
    "apigw-throttling": (
        Setting("api.requests-per-second", "1 to {bounds.requests_per_second}"),
        Setting("api.burst-requests", "1 to {bounds.burst_requests}"),
    ),
    "apigw-upstream-https": (Setting("api.upstreams", "https:// addresses by name"),),
    "budget-covers-estimate": (
        Setting("budget.monthly-usd", "the expected month or more", message_part="limitAmount"),
    ),
    "canary-wired": (Setting("delivery", "canary"),),
    "cloudfront-waf": _EDGE,
    "cognito-client-callbacks-https": (
        Setting("sign-in.callback-urls", "a list of https:// addresses", message_part="callbackUrls"),
        Setting("sign-in.logout-urls", "a list of https:// addresses", message_part="logoutUrls"),
    ),
    "cognito-client-no-password-flow": (Setting("sign-in.password-flow", "false"),),
    "cognito-client-refresh-lifetime": (Setting("sign-in.refresh-token-days", "1 to 30"),),
    "cognito-client-token-lifetime": (Setting("sign-in.access-token-minutes", "5 to 60"),),
    "cognito-deletion-protection": _KEEPS,
    "cognito-invited-only": (Setting("sign-in.self-registration", "false"),),
    "cognito-mfa": (Setting("sign-in.mfa", "required"),),
    "cognito-password": (
        Setting("sign-in.password-min-length", "{bounds.shortest_password} or more", message_part="minimumLength"),
    ),
    "cognito-threat-protection": (Setting("sign-in.tier", "PLUS"),),
    "cognito-tier": (Setting("sign-in.tier", "ESSENTIALS"),),
    "delivery-gradual": (Setting("delivery", "canary"),),
    "dynamodb-deletion-protection": _KEEPS,
    "dynamodb-max-throughput": (
        Setting("data.max-reads-per-second", "1 to {bounds.table_units_per_second}"),
        Setting("data.max-writes-per-second", "1 to {bounds.table_units_per_second}"),
    ),
    "dynamodb-pitr": (Setting("data.point-in-time-recovery", "true"),),
    "lambda-arm64": (Setting("function.architecture", "arm64", at_aws=True),),
    "lambda-memory-cap": (Setting("function.memory-mb", "128 to {bounds.memory_mb}"),),
    "lambda-reserved-concurrency": (Setting("function.reserved-concurrency", "1 to {bounds.reserved_concurrency}"),),
    "lambda-runtime-supported": (Setting("function.runtime", "python3.13", at_aws=True),),
    "lambda-timeout-bounded": (Setting("function.timeout-seconds", "1 to {bounds.timeout_seconds}"),),
    "log-level-cap": (Setting("function.log-level", "INFO"),),
    "loggroup-cmk": (Setting("log-key", "true"),),
    "loggroup-retention": (
        Setting(
            "function.log-retention-days",
            "{bounds.shortest_log_days} to {bounds.longest_log_days}",
            at="api-logs",
        ),
        Setting(
            "api.access-log-retention-days",
            "{bounds.shortest_log_days} to {bounds.longest_log_days}",
            at="http-access-logs",
        ),
        Setting("edge.log-retention-days", "{bounds.shortest_log_days} to {bounds.longest_log_days}", at="edge"),
    ),
    "provider-account": (Setting("account-id", "the only account that the stack may be deployed to"),),
    "provider-region": (Setting("aws:region", "the region of the stack"),),
    "provisioned-concurrency-prod-only": (
        Setting("function.provisioned-concurrency", "up to {bounds.provisioned_concurrency}; 0 means none"),
    ),
    "public-routes-bounded": (
        Setting("api.public-burst-requests", "a lower number"),
        Setting("api.public-requests-per-second", "a lower number"),
    ),
    "required-tags": (
        Setting("owner", "who answers for the stack", message_part="tag owner"),
        Setting("cost-center", "who pays for the stack", message_part="tag cost-center"),
    ),
    "s3-cors-bounded": _CORS,
    "secret-recovery": (Setting("data.secret-recovery-days", "{bounds.secret_recovery_days} to 30"),),
    "snapstart-versions": (Setting("function.start-mode", "on-demand"),),
    "stateful-protected": (Setting("data.deletion-protection", "true"),),
    "throttles-fit-concurrency": (
        Setting("function.reserved-concurrency", "a higher number"),
        Setting("api.burst-requests", "a lower number"),
    ),
    "waf-in-front": _EDGE,
    "waf-prod-only": (Setting("edge", "leave it out"),),
    "waf-rate-limit": _EDGE,
    "worst-month-bounded": (
        Setting("api.requests-per-second", "a lower number"),
        Setting("function.reserved-concurrency", "a lower number"),
        Setting("data.max-reads-per-second", "a lower number"),
        Setting("data.max-writes-per-second", "a lower number"),
    ),
}
