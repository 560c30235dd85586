"""A stack's update bound to what was planned and approved, its package promoted by digest, its state looked after."""
