"""QR signs 一码惠民: a signed short code on a sign that opens what is around it, and a report from there."""
