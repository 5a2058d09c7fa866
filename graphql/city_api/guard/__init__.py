"""What stands before every operation: its price, the limits of rate, its time, and input that means harm."""
