"""How the service does: time by whom it took, punctuality of steps, load, money; and what is owed to who waited long."""
