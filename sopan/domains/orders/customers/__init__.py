"""What customers keep and ask beside their orders: instruments with due days, the same order again, amendments."""
