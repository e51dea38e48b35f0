"""The frozen values that cross rooms."""

from bot.model.document import Block, Document, Kind, Placeable, PlaceableKind, Placeables, Segment, Span, Tag, TagKind
from bot.model.plan import (
    Action,
    Assistance,
    Carried,
    Doubt,
    Edit,
    FuzzyMatch,
    Left,
    Merge,
    Operation,
    Phrase,
    Plan,
    Request,
    Revision,
    Translation,
)
from bot.model.results import (
    FileChange,
    FileResult,
    PullRequestDraft,
    ReviewNote,
    Signature,
    is_stand_in,
    stand_in_label,
)
from bot.model.translation import (
    NO_DRAFTS,
    Bead,
    Direction,
    Draft,
    Drafts,
    Language,
    Origin,
    SentenceRules,
    TranslationUnit,
    Versions,
    without_spaces,
)
