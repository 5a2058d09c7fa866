"""Elements of a grid 人地事物组织: who and what is in it."""
