"""The charges of user pools and their clients."""

from toolkit.cost.demand import Demands, Gap, among, unbounded
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.cognito import USER_POOL, USER_POOL_CLIENT
from toolkit.stacks.inputs import Inputs

_TIERS = {"LITE": "cognito-lite", "ESSENTIALS": "cognito-essentials", "PLUS": "cognito-plus"}


def meter_user_pool(pool: Inputs, traffic: Traffic) -> Demands:
    """Meter monthly active users at the price of the pool's tier; pools share the profile's evenly."""
    if pool.part("smsConfiguration").properties:
        yield Gap(pool, "the text messages that it sends are not on the price list")
    pools, people = traffic.share(pool), traffic.usage.monthly_active_users
    item = _TIERS.get(pool.text("userPoolTier", "ESSENTIALS"))
    if item:
        yield unbounded(pool, item, people / pools, f"{people:,} people{among(pools, 'pools')}")
    else:
        yield Gap(pool, "userPoolTier is unknown to Cognito")


def meter_user_pool_client(client: Inputs, traffic: Traffic) -> Demands:
    """Meter token requests of the client-credentials grant."""

    def is_for_machines(one: Inputs) -> bool:
        return "client_credentials" in one.texts("allowedOauthFlows")

    if is_for_machines(client):
        clients, tokens = sum(map(is_for_machines, traffic.graph.of(USER_POOL_CLIENT))), traffic.usage.machine_tokens
        yield unbounded(
            client, "cognito-machine-tokens", tokens / clients, f"{tokens:,} tokens{among(clients, 'clients')}"
        )


SERVICES = {USER_POOL: meter_user_pool, USER_POOL_CLIENT: meter_user_pool_client}
