"""Reading English: numbers, units, words that grade; knows no shop."""
