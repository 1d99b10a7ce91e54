"""The money around orders: when they must be paid, contracts, regional levies, tariffs, lists of the treasurer."""
