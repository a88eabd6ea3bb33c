"""What scheduled runs remember: one SQLite file with raw documents, articles, editions, runs, deliveries."""
