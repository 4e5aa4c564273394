"""The command line of seating and matching: files in, JSON or plain tables out. Starts without Django."""
