"""Health: what load balancers, monitors and people ask first."""
