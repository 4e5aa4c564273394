"""What a team writes to the people of an activity: messages from templates, and reminders that go by themselves."""
