"""The page: static files that speak to a few JSON routes. Nothing here builds HTML from anybody's text."""
