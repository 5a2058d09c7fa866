"""The operator's command line `yiwang`: one file for each group of commands; the core does the work."""
