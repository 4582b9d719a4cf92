"""What a message is before it is a question: distress in any language, and the care that is given to it."""
