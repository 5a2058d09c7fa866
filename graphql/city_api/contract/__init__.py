"""What is written down for the phones, made from the code."""
