"""The editor of a revision: its table, the drawing beside it, its problems, a try-out, and reading SOP documents."""
