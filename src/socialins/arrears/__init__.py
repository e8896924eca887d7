"""Arrears (欠费): what was not paid, not declared, or paid too much, and what follows from it."""
