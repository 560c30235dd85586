"""The points of a dossier, in the order of their risk."""

from typing import get_args

from toolkit.pipeline.dossier import other_points, risk_points
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.point import Point, Subject

_MOST_HARMFUL_FIRST: tuple[Subject, ...] = get_args(Subject)


def points_of(dossier: Dossier) -> tuple[Point, ...]:
    """Return all points, most harmful first."""
    found = [
        *risk_points.failed(dossier),
        *risk_points.stops(dossier),
        *risk_points.blocked(dossier),
        *risk_points.data_loss(dossier),
        *risk_points.breaking(dossier),
        *risk_points.permissions(dossier),
        *other_points.cost(dossier),
        *other_points.policies(dossier),
        *other_points.unknown(dossier),
        *other_points.stacks(dossier),
        *other_points.warnings(dossier),
        *other_points.dependencies(dossier),
    ]
    return tuple(sorted(found, key=lambda point: _MOST_HARMFUL_FIRST.index(point.subject)))
