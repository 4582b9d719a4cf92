"""The things that questions and passages name: coins, venues, firms, people, places; found in text however written."""

from knowledge.gazetteer.entity import Entity, EntityKind, Mention
from knowledge.gazetteer.gazetteer import Gazetteer

__all__ = ["Entity", "EntityKind", "Gazetteer", "Mention"]
