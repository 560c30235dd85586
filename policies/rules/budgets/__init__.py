"""Rules on budgets and costs."""
