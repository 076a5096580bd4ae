"""What Google says a request may hold: names, types and lists of values, and the checks by them."""
