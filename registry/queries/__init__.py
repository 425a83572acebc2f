"""The read side: each question takes a Subject and returns values or a Select; nothing here writes."""
