"""What people are told: messages in the transaction of their event, digests and links that carry one act."""
