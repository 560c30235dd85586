"""Resource types of Amazon SQS."""

QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE_ALLOW_POLICY = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy"
