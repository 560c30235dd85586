"""The tags of every resource."""

from infrastructure.settings import StackSettings


def default_tags(project: str, stack: str, settings: StackSettings) -> dict[str, str]:
    """Return the tags for cost allocation and ownership."""
    return {
        "project": project,
        "stack": stack,
        "owner": settings.owner,
        "cost-center": settings.cost_center,
        **({"expires-on": settings.expires_on.isoformat()} if settings.expires_on else {}),
    }
