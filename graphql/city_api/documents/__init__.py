"""Documents of the phones: which are trusted, and how a request names one."""
