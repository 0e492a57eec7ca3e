"""Letters: what Baton writes to its members, a digest each working morning and notices, and what they answer in plain
words. An answer counts only with the token of its letter, from the address that the letter went to."""
