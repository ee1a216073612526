"""The explanations by their config names. This module imports nothing."""

EXPLANATIONS: dict[str, str] = {
    "gradient": "leakcore.explanations.gradient",
}
