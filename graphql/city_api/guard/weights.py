"""What fields weigh, and how long lists are that no argument bounds: the table behind all prices.

One point is about what it costs to show one object of a list. What is not in a table is one object, or a
short list that lies in its row. Limits and figures: `mobile_contracts/limits.md`, decision 0033.
"""

from __future__ import annotations

from collections.abc import Mapping

MOST_COST_ANYBODY = 2_000
MOST_COST_STAFF = 5_000

# Arguments that say how many rows are asked for; the core refuses more than this.
SIZE_ARGUMENTS = ("first", "limit")
MOST_ROWS = 100

# Lists that lie in their row, read with it: a few rows each, of which most have none.
EMBEDDED_ROWS = 2

COMMAND = 10  # a command writes, and wakes others
LOOKING_ON = 10  # a subscription holds a place in this process

# Lists that no argument bounds, by about what a city has.
ROWS: Mapping[str, int] = {
    "Query.absences": 20,
    "Query.borders": 20,
    "Query.caseModules": 10,
    "Query.caseTypes": 100,
    "Query.commandOutcomes": 50,
    "Query.departments": 50,
    "Query.detectionClasses": 20,
    "Query.disagreementFigures": 50,
    "Query.divisions": 50,
    "Query.emergencyProfiles": 10,
    "Query.machineSources": 20,
    "Query.mySessions": 10,
    "Query.possibleDuplicates": 5,
    "Query.duplicateCandidates": 10,
    "Query.rulebooks": 20,
    "Query.shifts": 50,
    "Query.whoIsOnDuty": 20,
    "Case.history": 10,
    "CommandOutcomes.outcomes": 50,
    "EmergencyPreview.cases": 50,
    "EyeBatch.finds": 20,
    "EyeBatch.events": 20,
    "MadeSigns.signs": 50,
    "PlaceImport.badRows": 50,
    "RoutingTrial.differences": 20,
    "RoutingTrial.examples": 20,
}

# Fields that ask more of MongoDB, or of this process, than their rows tell.
WEIGHTS: Mapping[str, int] = {
    "Query.borders": 100,
    "Query.campaignCoverage": 50,
    "Query.casesToWatch": 50,
    "Query.componentsHere": 20,
    "Query.disagreementFigures": 100,
    "Query.duplicateCandidates": 50,
    "Query.emergencyPreview": 100,
    "Query.explainDeadline": 20,
    "Query.heatMap": 100,
    "Query.mapView": 100,
    "Query.moduleFigures": 100,
    "Query.nearby": 20,
    "Query.nearbyComponents": 20,
    "Query.nearestCases": 20,
    "Query.nearestOfficers": 50,
    "Query.possibleDuplicates": 50,
    "Query.sign": 20,
    "Query.tryRouting": 500,
    "Query.whereAmI": 10,
    "Mutation.publishRulebook": 500,
    "Mutation.redrawGrid": 200,
    "Mutation.signIn": 20,
    "Mutation.signInWithCode": 20,
}

# Commands that hold several: each of these is a command of its own.
COUNTED_INPUTS: Mapping[str, tuple[str, str]] = {"Mutation.runCommands": ("input", "commands")}
MOST_COUNTED = 50
