"""The one table of who may do what with which thing: for each kind and verb the rule that its paths ask.

A rule is the feature's own function, the very object that its queries, steps, exports, scopes and pushes ask
(under test: `tests/architecture/paths_to_rows.csv`). None is made here, so that none is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from city_core.audit.queries import AUDITOR
from city_core.cases.components.visibility import component_filter, sees_component
from city_core.cases.emergency.concerned import readable_filter
from city_core.cases.originals.rights import readings_filter
from city_core.cases.routing_queries import KEEPERS_OF_ROUTING
from city_core.cases.visibility import (
    frames_filter,
    is_theirs,
    may_see,
    may_see_frame,
    may_see_photo,
    own_cases_filter,
    photos_filter,
    visible_filter,
)
from city_core.census.campaigns.queries import visible_campaigns
from city_core.eye.sources import KEEPERS_OF_KEYS
from city_core.eye.visible import DECIDERS, WATCHERS, in_own_streets
from city_core.kit.mongo import Row
from city_core.people.keep_rights import KEEPERS as KEEPERS_OF_PEOPLE
from city_core.people.keep_rights import people_kept_by
from city_core.people.own import own_photos, own_rows
from city_core.people.plan_rights import PLANNERS, may_plan_for, planned_for_filter
from city_core.people.roles import Actor, Role
from city_core.places.elements.rights import CHANGERS, elements_of, elements_on_file, may_change
from city_core.policy.kinds import Kind, Verb
from city_core.policy.posts import PEOPLE
from city_core.rules.keepers import KEEPERS, READERS
from city_core.signs.rights import keeps_sign, kept_by
from city_core.tasks.waiting import is_waited_for, waits_for


@dataclass(frozen=True)
class Rule:
    """A rule in both forms; without a question of its own the filter is asked about the row.

    `filter_at` is for what depends on the instant. Without any filter the posts alone decide.
    """

    filter: Callable[[Actor], Row] | None = None
    question: Callable[..., bool] | None = None
    posts: frozenset[str] = frozenset(PEOPLE | {Role.SYSTEM})
    filter_at: Callable[[Actor, datetime], Row] | None = None

    @property
    def forms(self) -> list[Callable[..., object]]:
        """List the functions that say the rule."""
        return [form for form in (self.filter, self.question, self.filter_at) if form is not None]


RULES: Mapping[tuple[str, str], Rule] = MappingProxyType({
    (Kind.CASE, Verb.READ): Rule(visible_filter, may_see),
    (Kind.CASE, Verb.HANDLE): Rule(own_cases_filter, is_theirs),
    (Kind.TASK, Verb.READ): Rule(waits_for, is_waited_for),
    (Kind.CASE_PHOTO, Verb.READ): Rule(photos_filter, may_see_photo),
    (Kind.COMPONENT, Verb.READ): Rule(component_filter, sees_component),
    (Kind.PHOTO, Verb.KEEP): Rule(own_photos, posts=PEOPLE),
    (Kind.FRAME, Verb.READ): Rule(frames_filter, may_see_frame),
    (Kind.ORIGINAL_READING, Verb.READ): Rule(readings_filter),
    (Kind.EMERGENCY, Verb.READ): Rule(filter_at=readable_filter),
    (Kind.EYE_EVENT, Verb.READ): Rule(in_own_streets, posts=WATCHERS),
    (Kind.EYE_EVENT, Verb.DECIDE): Rule(in_own_streets, posts=DECIDERS),
    (Kind.EYE_FRAME, Verb.READ): Rule(in_own_streets, posts=WATCHERS),
    (Kind.SIGN, Verb.KEEP): Rule(kept_by, keeps_sign),
    (Kind.CAMPAIGN, Verb.READ): Rule(visible_campaigns),
    (Kind.GRID_ELEMENT, Verb.READ): Rule(elements_of),
    (Kind.GRID_ELEMENT, Verb.LOOK_UP): Rule(elements_on_file),
    (Kind.GRID_ELEMENT, Verb.CHANGE): Rule(elements_of, may_change, posts=CHANGERS),
    (Kind.PLACE_IMPORT, Verb.KEEP): Rule(posts=KEEPERS),
    (Kind.MACHINE_SOURCE, Verb.KEEP): Rule(posts=KEEPERS_OF_KEYS),
    (Kind.RULEBOOK, Verb.READ): Rule(posts=READERS),
    (Kind.RULEBOOK, Verb.KEEP): Rule(posts=KEEPERS),
    (Kind.ROUTING_PROPOSAL, Verb.KEEP): Rule(posts=KEEPERS_OF_ROUTING),
    (Kind.PERSON, Verb.KEEP): Rule(people_kept_by, posts=KEEPERS_OF_PEOPLE),
    (Kind.PERSON, Verb.PLAN): Rule(planned_for_filter, may_plan_for, posts=PLANNERS),
    (Kind.SESSION, Verb.READ): Rule(own_rows, posts=PEOPLE),
    (Kind.MESSAGE, Verb.READ): Rule(own_rows, posts=PEOPLE),
    (Kind.COMMAND, Verb.READ): Rule(own_rows, posts=PEOPLE),
    (Kind.POINT_ENTRY, Verb.READ): Rule(own_rows, posts=PEOPLE),
    (Kind.DATA_REQUEST, Verb.READ): Rule(own_rows, posts=PEOPLE),
    (Kind.AUDIT_ENTRY, Verb.READ): Rule(posts=frozenset({AUDITOR})),
})  # fmt: skip
