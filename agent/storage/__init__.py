"""What is kept in the shop's database: sessions, turns, lasting preferences, carts, consents."""
