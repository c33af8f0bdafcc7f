"""Words, as search and reviews need them: tokens, spelling, language, personal data."""
