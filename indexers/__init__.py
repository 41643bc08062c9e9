"""From files to rows in the database."""
