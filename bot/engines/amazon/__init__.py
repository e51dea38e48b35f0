"""Amazon Translate: batch jobs that the book's own translations steer."""
