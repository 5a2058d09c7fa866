"""The component 部件 that a case is about, and the cases that a component had."""
