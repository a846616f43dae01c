"""What people see, one short script per page. Pages choose and show rows; they never compute a score."""
