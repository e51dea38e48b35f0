"""What engines share whose service costs money: caps, a ledger, kept answers, and calls that end."""
