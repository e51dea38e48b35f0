"""`python -m bot` is the command `amts`."""

from bot.app.cli import main

if __name__ == "__main__":
    main()
