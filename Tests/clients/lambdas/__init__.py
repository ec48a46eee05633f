"""Functions as their users have them: a handler under chaos_lambda, run by the real Lambda runtime or called as it is."""
