"""Activities and sessions, registration with its waiting list, attendance."""
