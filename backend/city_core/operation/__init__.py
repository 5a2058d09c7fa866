"""Running the city: work that is stuck, backup and restore, what a doctor looks at, migrations, figures."""
