"""Questions in the room: polls, words, ratings and questions from the floor, answered from any phone by a code."""
