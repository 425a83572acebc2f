"""Server-rendered pages: a second client of the same services, with error pages of their own."""
