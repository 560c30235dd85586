"""CloudWatch metrics and alarms as rules read them."""
