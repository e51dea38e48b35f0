"""`amts run`: a service that keeps books in step, by schedule and by webhook."""
