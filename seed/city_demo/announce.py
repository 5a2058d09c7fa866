"""What the operator reads when the city is up: where it is, who can sign in, where it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def announce(api: str, fcm: str, *, logs: Path, accounts: Path) -> None:
    """Prints the addresses, the demo accounts and the places of the logs."""
    leader = _one_of_each_role(accounts).get("LEADER", {}).get("phone", "")
    lines = {
        "地图 Map": f"{page_of_map(api)} (sign in as the leader{f', {leader}' if leader else ''})",
        "API": f"{api}/graphql",
        "GraphiQL": f"{api}/graphql (in a browser)",
        "WebSocket": f"{api.replace('http', 'ws', 1)}/graphql",
        "Fake push": f"{fcm}/received",
        "Logs": str(logs),
    }
    print("\nThe city is up.")
    for name, value in lines.items():
        print(f"  {name:<10} {value}")
    for line in _accounts(accounts):
        print(line)
    print("Stop with Ctrl-C.", flush=True)


def page_of_map(api: str) -> str:
    """Give the address of the page with the map."""
    return f"{api.rstrip('/')}/map"


def _accounts(file: Path) -> list[str]:
    """One account of each role, so that the list fits a screen; the file names them all."""
    of_each_role = _one_of_each_role(file)
    if not of_each_role:
        return []
    password = _read(file)["staff_password"]
    return [
        f"Accounts, one of each role (all of them: {file}); password of the staff: {password}",
        *(_account(account) for account in of_each_role.values()),
    ]


def _one_of_each_role(file: Path) -> dict[str, dict[str, Any]]:
    of_each_role: dict[str, dict[str, Any]] = {}
    for account in _read(file).get("accounts", ()):
        of_each_role.setdefault(account["role"], account)
    return of_each_role


def _read(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content


def _account(account: dict[str, Any]) -> str:
    return (
        f"  {account['role']:<13} {account['phone']}  {account['name_zh']}  {account.get('what_for_en', '')}"
    )
