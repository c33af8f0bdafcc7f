"""Language models as drivers: prompt, loop, limits."""
