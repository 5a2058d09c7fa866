"""QR signs and convenience points, as phones and browsers see them."""
