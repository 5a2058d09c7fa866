"""Which versions of the apps are still served."""
