"""How good translations are: experiments, held-out sets, the leak check, and the scores in a pull request."""
