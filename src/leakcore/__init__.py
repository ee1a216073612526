"""Measure how much machine-learning explanations leak about the training data."""
