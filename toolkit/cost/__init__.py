"""What a stack costs in a month: as its use is expected, and at the worst that its limits allow."""
