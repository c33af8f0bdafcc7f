"""What a shop assistant knows in general, beside what its shop says."""
