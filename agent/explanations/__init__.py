"""Why this product: reasons with their evidence."""
