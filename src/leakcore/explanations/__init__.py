"""Feature-based explanations of a target model's decisions."""
