"""What an owner does: build, evaluate, tune, refresh, train."""
