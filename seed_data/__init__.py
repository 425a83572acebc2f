"""Data files that come with the software; `README.md` beside this file says where each one is from."""
