"""The compliance report: by catalogue and control, the results of the rules at each resource."""
