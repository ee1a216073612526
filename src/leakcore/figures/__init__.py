"""Figures, each drawn from a tidy table; nothing is computed here."""
