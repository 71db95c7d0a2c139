"""The parts of the order bench (`make bench-orders`): how many orders a second, against P."""
