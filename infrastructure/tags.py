"""The tags that everything carries."""

from infrastructure.settings import StackSettings


def default_tags(project: str, settings: StackSettings) -> dict[str, str]:
    """What the bill is split by and whom to ask about a resource."""
    return {
        "project": project,
        "stack": settings.environment,
        "owner": settings.owner,
        "cost-center": settings.cost_center,
    }
