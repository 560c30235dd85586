"""What a reviewer must look at, most harmful first."""

from typing import get_args

from toolkit.pipeline.dossier import harm_points, other_points
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.point import Point, Subject

_MOST_HARMFUL_FIRST: tuple[Subject, ...] = get_args(Subject)


def points_of(dossier: Dossier) -> tuple[Point, ...]:
    """Return all points, most harmful first."""
    found = [
        *harm_points.failed(dossier),
        *harm_points.stops(dossier),
        *harm_points.blocked(dossier),
        *harm_points.data_loss(dossier),
        *harm_points.breaking(dossier),
        *harm_points.permissions(dossier),
        *other_points.cost(dossier),
        *other_points.policies(dossier),
        *other_points.unknown(dossier),
        *other_points.stacks(dossier),
        *other_points.warnings(dossier),
        *other_points.dependencies(dossier),
    ]
    return tuple(sorted(found, key=lambda point: _MOST_HARMFUL_FIRST.index(point.subject)))
