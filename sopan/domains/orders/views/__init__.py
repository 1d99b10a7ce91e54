"""Pages of customers and of the public. Thin: access, form, one operation, answer."""
