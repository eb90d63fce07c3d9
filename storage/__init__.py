"""What Marquee keeps, in one SQLite file. SQL lives here and nowhere else."""
