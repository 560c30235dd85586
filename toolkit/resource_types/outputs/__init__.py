"""The outputs that AWS computes, made of the inputs for a preview: ids, ARNs, endpoints and function results."""
