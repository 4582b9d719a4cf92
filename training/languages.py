"""Measures from which margin on a message counts as not English; prints the curve behind `rag.languages`.

    python -m training.languages [questions_by_passage.jsonl]

Without a file the English questions are the committed 800.
"""

import json
import sys
from pathlib import Path

from rag.languages import ENGLISH, language_odds, language_of
from training.distress_languages import load_messages, load_questions


def main() -> None:
    """Prints, for each margin, how many English questions and how many foreign messages are mistaken."""
    if len(sys.argv) > 1:
        lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
        questions = [question for line in lines for question in json.loads(line)["questions"]]
    else:
        questions = [question.text for question in load_questions()]
    own = [message for message in load_messages() if not message.author.endswith("w")]
    foreign = [message.text for message in own if message.language != ENGLISH]
    english = [max(language_odds(text).values()) for text in questions]
    other = [max(language_odds(text).values()) for text in foreign]
    print(f"{len(questions)} English questions taken for foreign, {len(foreign)} foreign messages taken for English")
    for margin in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0):
        mistaken = sum(0 < odds >= margin for odds in english), sum(odds < margin or odds == 0 for odds in other)
        print(f"{margin:4.1f} {mistaken[0]:6d} {mistaken[1]:6d}")
    wrong = [(message.language, language_of(message.text), message.text) for message in own]
    for written, found, text in wrong:
        if written != found:
            print(f"  {written} taken for {found}: {text}")


if __name__ == "__main__":
    main()
