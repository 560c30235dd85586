"""Events of queues, streams and schedules, delivered to functions as AWS's services do."""
