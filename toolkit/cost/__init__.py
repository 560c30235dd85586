"""The cost of a stack per month: for the expected use, and for the most that its limits allow."""
