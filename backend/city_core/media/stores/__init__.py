"""Where the bytes of photos lie: one port, GridFS and S3-compatible stores behind it."""
