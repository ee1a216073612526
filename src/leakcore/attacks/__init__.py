"""Attacks that turn what an explanation shows into membership or records."""
