"""Default deny: what has no rule is not built, does not start, and is not answered."""

from __future__ import annotations

import pytest
from litestar import Litestar, get

from city_api.policy.enforce import enforce
from city_api.policy.routes import PROOFS, check_routes, route_rules, routes_of
from city_api.policy.rules import OF_ITS_PARENT, PolicyIncomplete, audience_of, field_rules
from city_api.schema import CitySchema
from city_core.people.roles import Actor, Role
from city_core.policy.posts import Audience, RuleUnknown, audience

_RULES = dict(field_rules())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({("Case", "description"): None}, "no rule in policy/rules.csv for\nCase,description"),
        ({("Mutation", "closeCase"): None}, "no rule in policy/rules.csv for\nMutation,closeCase"),
        ({("Case", "secret"): OF_ITS_PARENT}, "no field for the rules in policy/rules.csv\nCase,secret"),
        ({("Query", "case"): OF_ITS_PARENT}, "Query.case has no parent"),
        ({("Case", "version"): "LEADER"}, "Case.version always has a value"),
    ],
)
def test_a_schema_whose_fields_and_rules_differ_is_not_built(
    changed: dict[tuple[str, str], str | None], said: str
) -> None:
    rules = {field: rule for field, rule in {**_RULES, **changed}.items() if rule is not None}
    schema = CitySchema(introspection=False)._schema
    with pytest.raises(PolicyIncomplete, match=said):
        enforce(schema, rules)


def test_a_word_that_is_no_rule_is_refused() -> None:
    for word in ("", "EVERYBODY", "ANYONE LEADER", "LEADER or OFFICER"):
        with pytest.raises(RuleUnknown):
            audience(word)
    with pytest.raises(RuleUnknown):
        enforce(CitySchema(introspection=False)._schema, {**_RULES, ("Query", "me"): "ALL"})


def test_a_field_without_a_rule_is_for_nobody() -> None:
    nobody = audience_of("Query", "unheardOf")
    assert nobody == Audience(frozenset())
    assert not any(nobody.has(Actor("x", role)) for role in Role) and not nobody.has(None)


def test_auditors_change_nothing_but_their_own_sign_in_and_inbox() -> None:
    open_to = {
        name for (type_, name), rule in _RULES.items() if type_ == "Mutation" and _names(rule, Role.AUDITOR)
    }
    assert open_to == {
        "signIn", "requestCode", "signInWithCode", "signInWithWechat", "signInWithClaim", "refreshSignIn",
        "signOut", "signOutEverywhere", "registerDevice", "dropDevice", "markRead", "acknowledgeMessage",
        "setNotificationPreferences", "addSubscribeConsents", "agreeToPrivacy",
    }  # fmt: skip


def test_every_route_has_a_rule() -> None:
    @get("/debug")
    async def debug() -> None: ...

    app = Litestar([debug], openapi_config=None)
    with pytest.raises(PolicyIncomplete, match="/debug"):
        check_routes(app)
    assert {word for rule in route_rules().values() for word in rule.split()} >= PROOFS
    assert routes_of(app) == {("/debug", "GET")}


def _names(rule: str, role: Role) -> bool:
    return role in audience(rule).posts
