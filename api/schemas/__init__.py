"""Bodies of requests and answers, one file per noun; fields of answers have no default values."""
