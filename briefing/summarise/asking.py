"""What engines that are told in words (`instruct`, `server`) share: an article put into a prompt as data."""

from __future__ import annotations

from briefing.prompts import Message, Prompt, fence_for, neutralise, render_prompt
from briefing.summarise.writing import Request

# Less room than this for an article's text would cut it into slivers.
MIN_TEXT_TOKENS = 256
_MAX_TITLE_CHARS = 60


def messages_for(prompt: Prompt, request: Request, control_tokens: frozenset[str]) -> tuple[Message, ...]:
    """The messages that ask for a summary of `request`. Its title and text lose whatever the model could read
    as structure, and the text stands between two lines with a mark that it cannot contain."""
    text = neutralise(request.text, control_tokens)
    title = neutralise(request.title, control_tokens).replace("\n", " ")
    return render_prompt(
        prompt,
        {
            "title": title[:_MAX_TITLE_CHARS],
            "text": text,
            "max_chars": request.max_chars,
            "max_sentences": request.max_sentences,
            "part": request.part,
            "parts": request.parts,
            "fence": fence_for(f"{title}\n{text}"),
        },
    )
