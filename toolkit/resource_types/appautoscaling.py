"""Resource types of Application Auto Scaling."""

SCALING_TARGET = "aws:appautoscaling/target:Target"
