"""General parallel data: pairs of documents that are not the book, as a stream in constant memory."""
