"""Record-based explanations: exact leave-one-out refits and what they reveal."""
