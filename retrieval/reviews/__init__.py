"""From raw reviews to counted opinions, quotes and answers."""
