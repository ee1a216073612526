"""Target models: the networks whose explanations are attacked."""
