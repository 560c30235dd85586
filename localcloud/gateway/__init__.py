"""The HTTP API of this machine: answers as API Gateway does what the embedded API Gateway was told."""
