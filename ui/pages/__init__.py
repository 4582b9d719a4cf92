"""The pages around the chat: one frame, one style sheet, and the rooms Learn, Calculators, Market and Admin."""
