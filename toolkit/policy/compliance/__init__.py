"""What an auditor asks for: per catalogue and control, which rule answered at which resource, and how."""
