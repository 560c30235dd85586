"""The tags that everything carries."""

from infrastructure.settings import StackSettings


def default_tags(project: str, stack: str, settings: StackSettings) -> dict[str, str]:
    """What the bill is split by and whom to ask about a resource."""
    return {
        "project": project,
        "stack": stack,
        "owner": settings.owner,
        "cost-center": settings.cost_center,
        **({"expires-on": settings.expires_on.isoformat()} if settings.expires_on else {}),
    }
