"""What phones need to be reached: the key of browsers, consents in WeChat."""
