"""From the event log to numbers: columns, weights of events, robots."""
